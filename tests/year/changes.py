"""Changes of accounts, meters and rules in a year, each with the files that tell the cabinet."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from lk_graphql.demo.data.requisites import TEXT as REQUISITES

from . import population
from .billing_days import Office
from .model import tables
from .model.accounts import Account
from .model.days import last_day, later, month_of
from .model.money import quantize
from .model.rules import KeyRate, Norm, Rules, Tariff, WindowRule
from .world import World


@dataclass
class Changes:
    world: World
    office: Office

    # Accounts and meters

    async def change_holder(self) -> None:
        world = self.world
        account = self.some_account()
        if account is None or len(account.holders) > 1:
            return
        ago = world.chance.choice((0, 3, 20)) if world.supplier.detail.holders_days else 0
        day = world.today - timedelta(days=ago)
        new = population.holder(world.chance, max(day, account.holder.since + timedelta(days=1)))
        if new.is_maybe(account.holder):
            return
        world.supplier.change_holder(account.number, new)
        world.note("new holder", f"{account.number} {new.name} since {new.since}")
        await world.deliver(world.supplier.account_files(world.now, world.style))
        for resident in world.residents:
            resident.holders.pop(account.number, None)

    async def close_account(self) -> Account | None:
        """The last day is one of the coming days, or today; what is owed stays owed."""
        world = self.world
        account = self.some_account()
        if account is None:
            return None
        day = world.today + timedelta(days=world.chance.choice((0, 0, 1, 2, 4)))
        day = min(day, last_day(world.supplier.open_month))
        if day < world.today:
            return None
        world.supplier.close_account(account.number, day)
        world.note("account closes", f"{account.number} on {day}")
        await world.deliver(world.supplier.account_files(world.now, world.style))
        return account

    async def replace_meter(self) -> None:
        """Another meter in the middle of a month, with the readings of both."""
        world, supplier = self.world, self.world.supplier
        account = self.some_account()
        meters = account.meters_in(month_of(world.today)) if account else []
        if (
            account is None
            or len(meters) != 1
            or meters[0].installed_on > account.contract_signed_on + timedelta(days=7300)
        ):
            return
        old, day = meters[0], world.today
        values = {row.zone: population.shows(account, old, row, day) for row in old.registers}
        new = population.meter(world.chance, account, day, is_new=True)
        if world.chance.random() < 0.15:
            supplier.remove_meter(account.number, old.serial, values, day)
        else:
            supplier.replace_meter(account.number, old.serial, values, new, day)
        world.note("meter replaced", f"{account.number} {old.serial}")
        await world.deliver(supplier.meter_files(world.style))
        await self.office.exchange_readings()
        period = supplier.open_month
        await world.deliver(supplier.reading_files(period, later(period, 1), world.style))

    async def move_in(self) -> None:
        """Residents, category or privilege of a household change."""
        world = self.world
        account = self.some_account()
        if account is None:
            return
        first = world.supplier.open_month
        changes = world.chance.choice(
            (
                {"residents": world.chance.randint(1, 6)},
                {"category": world.chance.choice(population.CATEGORIES)},
                {"has_range_privilege": True, "residents": 5},
                {"address": f"г. Новокузнецк, ул. Кирова, д. {world.chance.randint(100, 200)}"},
            )
        )
        account.change_traits(max(first, world.today.replace(day=1)), **changes)
        world.note("household changes", f"{account.number} {changes}")
        await world.deliver(world.supplier.account_files(world.now, world.style))

    def some_account(self) -> Account | None:
        day = self.world.today
        accounts = [a for a in self.world.supplier.accounts.values() if a.closed_on is None]
        some = [one for one in accounts if one.contract_signed_on < day]
        return self.world.chance.choice(some) if some else None

    # Rules

    async def new_tariff(self) -> None:
        """Dearer on the 1st or in the middle of the month; the row before may stay open."""
        world, supplier, chance = self.world, self.world.supplier, self.world.chance
        start = chance.choice((1, 1, 11, 20))
        valid_from = later(supplier.open_month, 1).replace(day=start)
        share = Decimal(chance.choice((104, 110, 97))) / 100
        is_bounded = chance.random() < 0.4
        newest: dict[tuple[str, str, int], Tariff] = {}
        for row in supplier.rules.tariffs:
            key = row.category, row.zone, row.range_number
            if key not in newest or newest[key].valid_from < row.valid_from:
                newest[key] = row
        if any(row.valid_from >= valid_from for row in newest.values()):
            return
        rows = [
            replace(
                row,
                rubles_per_kwh=quantize(row.rubles_per_kwh * share, Decimal("0.01")),
                valid_from=valid_from,
                valid_to=None,
                order_reference=population.ORDER.format(f"{valid_from:%d%m}-э"),
            )
            for row in newest.values()
        ]
        if is_bounded:  # the rows before come again, with their last day
            ended = {*newest.values()}
            supplier.rules.tariffs = [
                replace(row, valid_to=valid_from - timedelta(days=1)) if row in ended else row
                for row in supplier.rules.tariffs
            ]
        supplier.change_tariff(rows)
        world.note("tariff", f"x{share} from {valid_from}")
        await world.deliver(self.office.shuffled(supplier.rule_files(world.style)))

    async def new_rules(self) -> None:
        """A window, a norm or a key rate from the next month or day on."""
        world, rules, chance = self.world, self.world.supplier.rules, self.world.chance
        period = later(month_of(world.today), 1)
        kind = chance.choice(("window", "norm", "rate"))
        if kind == "window":
            first, last = chance.choice(((1, 25), (20, 31), (15, 25), (23, 28)))
            rules.window_rules.append(
                WindowRule(
                    first_day=first,
                    last_day=last,
                    late_policy=chance.choice(("NEXT_PERIOD", "REFUSED")),
                    offline_days=3,
                    reference="Порядок приёма показаний",
                    valid_from=period,
                )
            )
        elif kind == "norm":
            newest = max(row.valid_from for row in rules.norms)
            if newest >= period:
                return
            rows = [row for row in rules.norms if row.valid_from == newest]
            rules.norms += [
                Norm(
                    category=row.category,
                    residents=row.residents,
                    kwh_per_person=row.kwh_per_person + 3,
                    order_reference=population.ORDER.format("8-э"),
                    valid_from=period,
                )
                for row in rows
            ]
        else:
            day = world.today + timedelta(days=chance.randint(1, 10))
            if any(not row.is_cap and row.valid_from >= day for row in rules.key_rates):
                return
            percent = Decimal(chance.choice((8, 9, 14, 15)))
            rules.key_rates.append(KeyRate(percent=percent, valid_from=day))
        world.note(f"rule: {kind}", f"from {period}")
        await world.deliver(self.office.shuffled(world.supplier.rule_files(world.style)))

    def vary(self) -> None:
        """Traits of few households: a short dial, an old meter."""
        world, chance = self.world, self.world.chance
        for account in world.supplier.accounts.values():
            for meter in account.meters:
                if chance.random() < 0.2:
                    month = later(world.supplier.start, chance.randint(1, 10))
                    meter.next_verification_on = month.replace(day=chance.randint(1, 28))
            if len(account.meters) == 1 and chance.random() < 0.07:
                self.shorten_dial(account)

    def shorten_dial(self, account: Account) -> None:
        """Four digits, and a house that heats with electricity: half a dial in a month."""
        for register in account.meters[0].registers:
            register.digits = 4
            register.readings = [
                replace(reading, value=reading.value % 10_000) for reading in register.readings
            ]
        use, _ = population.habits(account.number)
        use.update(dict.fromkeys(use, 140_000))
        self.world.note("short dial", account.number)

    async def verify_meter(self) -> None:
        """A meter whose verification has run out is verified, weeks or months too late."""
        world = self.world
        late = [
            (account, meter)
            for account in world.supplier.accounts.values()
            for meter in account.meters
            if not meter.counts_on(world.today) and meter.removed_on is None
        ]
        if late:
            account, meter = world.chance.choice(late)
            meter.verify(world.today)
            world.note("meter verified", f"{account.number} {meter.serial}")
            await world.deliver(world.supplier.meter_files(world.style))

    async def send_fourth_range(self) -> None:
        """A price of a fourth range, which no receipt could print: refused where it comes in."""
        world = self.world
        row = next(one for one in world.supplier.rules.tariffs if one.range_number == 3)
        rules = Rules(tariffs=[replace(row, range_number=4)])
        files = world.supplier.files("tariffs", tables.rule_tables(rules)[:1])
        world.note("fourth range")
        result = await world.production.import_files("tariffs", files, world.now)
        if result and not result.faults:
            world.report("FOURTH_RANGE", "", "tariffs", "refused", result.state)

    async def new_requisites(self) -> None:
        """`lk supplier publish`: long names, from tomorrow on; some fit into no payment code."""
        world = self.world
        day = world.today + timedelta(days=1)
        name = world.chance.choice(
            (
                "Общество с ограниченной ответственностью «Металлэнергофинанс-Сибирь и Кузбасс»",
                "Управление энергосбыта городов Новокузнецк, Междуреченск, Прокопьевск и Киселёвск",
            )
        )
        bank = "Вымышленный банк Западной Сибири, Новокузнецк"
        text = re.sub(r"(?m)^valid_from = .*$", f"valid_from = {day}", REQUISITES)
        text = re.sub(r"(?m)^name = .*$", f'name = "{name:.87}"', text)
        text = re.sub(r"(?m)^bank_name = .*$", f'bank_name = "{bank:.45}"', text)
        world.note("requisites", f"from {day}")
        if refused := await world.production.publish_requisites(text):
            world.note("requisites refused", refused)
