"""`python -m fitnet`: the same as the command `fitnet`."""

from fitnet.cli import main

if __name__ == "__main__":
    main()
