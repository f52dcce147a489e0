"""A billing system that was written from law, domain.md and docs/import.md alone.

It is the other side of the year: it imports nothing but the standard library, keeps books of its
own and exchanges files with the cabinet. Modules, each with the rules that it follows:

- `money`, `days`: kopecks and rounding, months and working days;
- `rules`: what law and orders set, dated;
- `meters`, `accounts`: what is billed, with its history;
- `charges`, `penalties`: what a month costs; `ledger`: what of it is owed;
- `bills`: the documents; `postings`: money that came, and the cabinet's registry;
- `files`: tables as files, in the styles of billing systems; `tables`: the tables themselves;
- `cabinet`: what the cabinet must show, given what it was sent and what was paid there;
- `supplier`: all that a driver does with the model.
"""
