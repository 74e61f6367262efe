"""`python -m tenir` is the `tenir` command."""

from tenir.install.cli import main

if __name__ == "__main__":
    main()
