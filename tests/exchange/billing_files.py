"""Small files of the billing system, as text."""

ACCOUNTS = """\
number;contract_number;contract_signed_on;address;house_kind;tariff_category;holder_last_name;holder_first_name
0000000001;Э-1;2019-03-01;ул. Кирова, д. 1;APARTMENT;URBAN_GAS;Иванова;Пелагея
0000000002;Э-2;01.04.2020;"ул. Кирова, д. 2; кв. 3";DETACHED;RURAL;Ёлкин;П.
"""
INVOICES = """\
account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;closing_balance;consumption_kwh
0000000001;A-1;2026-10;2026-11-03;2026-12-15;0;100,50;0;0;0;100,50;20
0000000002;A-2;10.2026;03.11.2026;15.12.2026;-50;1 200.00;-10;5,25;100;1045.25;300,5
"""
LINES = """\
invoice;position;kind;service;zone;range_number;quantity_kwh;rubles_per_kwh;amount;reason
A-1;1;ENERGY;Электроэнергия;SINGLE;1;20;5.025;100.50;
A-2;1;ENERGY;Электроэнергия;DAY;1;200;4;800;
A-2;2;ENERGY;Электроэнергия;NIGHT;1;100.5;3,98;400;
A-2;3;RECALCULATION;Электроэнергия;;;;;-10;Показание исправлено
"""
PENALTIES = """\
invoice;position;for_period;debt;first_day;last_day;rate_percent;divisor;amount
A-2;1;2026-08;175;2026-10-15;2026-10-31;9.5;300;5.25
"""
PAYMENTS = """\
account;external_id;paid_on;amount;agent
0000000002;P-1;2026-10-07;100;Сбербанк
0000000001;P-2;2026-11-05;40;Почта
"""
