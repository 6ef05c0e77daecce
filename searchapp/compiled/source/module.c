/* The module `searchapp.compiled._native`. */

#include "native.h"

/* As `REVISION` in `__init__.py`: a helper that was built from other sources is not used. */
#define REVISION 8

static int fill(PyObject *module)
{
    const uint16_t one = 1;
    char first;
    memcpy(&first, &one, 1);
    if (!first) {
        PyErr_SetString(PyExc_ImportError, "the files of an index are little-endian, and this processor is not");
        return -1;
    }
    PyMethodDef *const methods[] = {POSTINGS_METHODS, RANKING_METHODS, COUNTING_METHODS, PASSAGES_METHODS,
                                    RECORDS_METHODS, TAGGING_METHODS, WORDS_METHODS};
    for (size_t part = 0; part < sizeof methods / sizeof *methods; part++)
        if (PyModule_AddFunctions(module, methods[part]) < 0)
            return -1;
    return PyModule_AddIntConstant(module, "REVISION", REVISION);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", "Steps of a search, compiled; see contract.py.", 0, NULL, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&definition); }
