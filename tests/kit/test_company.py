from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from lk_graphql.kit.company import Company


def test_the_day_is_the_company_s_own():
    company = Company("Энергия", "https://lk.example.ru", ZoneInfo("Asia/Novokuznetsk"))

    assert company.today(datetime(2026, 10, 31, 17, 30, tzinfo=UTC)) == date(2026, 11, 1)
    assert company.today(datetime(2026, 10, 31, 16, 30, tzinfo=UTC)) == date(2026, 10, 31)
