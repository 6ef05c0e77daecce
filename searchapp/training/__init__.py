"""How the shipped model is made: `python -m searchapp.training --data DIR --out FILE`."""
