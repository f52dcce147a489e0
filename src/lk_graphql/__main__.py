"""`python -m lk_graphql`, the same as `lk`."""

from lk_graphql.cli import main

if __name__ == "__main__":
    main()
