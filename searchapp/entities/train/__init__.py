"""How the shipped model is made: `python -m searchapp.entities.train --data DIR --out FILE`."""
