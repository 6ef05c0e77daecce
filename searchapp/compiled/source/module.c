/* The module `searchapp.compiled._native`. */

#include "native.h"

/* As `REVISION` in `__init__.py`: a helper that was built from other sources is not used. */
#define REVISION 1

static int fill(PyObject *module)
{
    const uint16_t one = 1;
    char first;
    memcpy(&first, &one, 1);
    if (!first) {
        PyErr_SetString(PyExc_ImportError, "the files of an index are little-endian, and this processor is not");
        return -1;
    }
    if (PyModule_AddFunctions(module, POSTINGS_METHODS) < 0)
        return -1;
    return PyModule_AddIntConstant(module, "REVISION", REVISION);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", "Steps of a search, compiled; see contract.py.", 0, NULL, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
