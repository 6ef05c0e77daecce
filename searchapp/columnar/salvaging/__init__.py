"""What is whole of an index that is damaged, or that another version of the program wrote, put into a sound one.

`SalvagedIndex` opens it, `SalvagedIndex.writer` writes it anew in one commit. `copy_state` copies a committed state.
"""

from searchapp.columnar.salvaging.copying import Copied, copy_state
from searchapp.columnar.salvaging.salvage import Salvaged, SalvagedIndex

__all__ = ["Copied", "Salvaged", "SalvagedIndex", "copy_state"]
