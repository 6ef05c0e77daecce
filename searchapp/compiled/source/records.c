/* Stored records taken apart, and values made of columns. */

#include "native.h"

#define HEADER 7
#define MOST_FIELDS 64

/* The bytes of some fields of a record, None for each that it does not have as bytes. */
static PyObject *fields_of(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    const char *block;
    Py_ssize_t size, at, stop;
    PyObject *numbers, *found;
    long wanted[MOST_FIELDS];
    if (!PyArg_ParseTuple(arguments, "y#nnO!", &block, &size, &at, &stop, &PyTuple_Type, &numbers))
        return NULL;
    const Py_ssize_t count = PyTuple_Size(numbers);
    if (at < 0 || stop > size || count > MOST_FIELDS) {
        out_of_place("a record");
        return NULL;
    }
    for (Py_ssize_t place = 0; place < count; place++) {
        wanted[place] = PyLong_AsLong(PyTuple_GetItem(numbers, place));
        if (wanted[place] == -1 && PyErr_Occurred())
            return NULL;
    }
    found = PyTuple_New(count);
    for (Py_ssize_t place = 0; found && place < count; place++) {
        Py_INCREF(Py_None);
        if (PyTuple_SetItem(found, place, Py_None) < 0)
            Py_CLEAR(found);
    }
    while (found && at < stop) {
        uint16_t number;
        uint32_t length;
        if (stop - at < HEADER) {
            out_of_place("a field");
            Py_CLEAR(found);
            break;
        }
        memcpy(&number, block + at, 2);
        const char kind = block[at + 2];
        memcpy(&length, block + at + 3, 4);
        at += HEADER;
        if ((Py_ssize_t)length > stop - at) {
            out_of_place("a field");
            Py_CLEAR(found);
            break;
        }
        for (Py_ssize_t place = 0; found && !kind && place < count; place++)
            if (wanted[place] == number) {
                PyObject *value = PyBytes_FromStringAndSize(block + at, (Py_ssize_t)length);
                if (!value || PyTuple_SetItem(found, place, value) < 0)
                    Py_CLEAR(found);
            }
        at += (Py_ssize_t)length;
    }
    return found;
}

/* Fills the slots of one new value; what is in them stands at `row` of the columns. */
static int fill_slots(PyObject *made, PyObject *slots, PyObject *columns, Py_ssize_t row)
{
    for (Py_ssize_t place = 0; place < PyTuple_Size(slots); place++) {
        PyObject *slot = PyTuple_GetItem(slots, place), *column = PyTuple_GetItem(columns, place);
        const descrsetfunc set = (descrsetfunc)PyType_GetSlot(Py_TYPE(slot), Py_tp_descr_set);
        if (!set) {
            PyErr_SetString(PyExc_TypeError, "a slot cannot be set");
            return -1;
        }
        if (set(slot, made, PyList_GetItem(column, row)) < 0)
            return -1;
    }
    return 0;
}

/* Values of a class with slots, made of a list of what is in each slot, without calling the class. */
static PyObject *instances(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *kind, *slots, *columns;
    if (!PyArg_ParseTuple(arguments, "O!O!O!", &PyType_Type, &kind, &PyTuple_Type, &slots, &PyTuple_Type, &columns))
        return NULL;
    const Py_ssize_t count = PyTuple_Size(columns);
    if (!count || count != PyTuple_Size(slots)) {
        PyErr_SetString(PyExc_TypeError, "each slot needs a column");
        return NULL;
    }
    Py_ssize_t rows = -1;
    for (Py_ssize_t place = 0; place < count; place++) {
        PyObject *column = PyTuple_GetItem(columns, place);
        if (!PyList_Check(column)) {
            PyErr_SetString(PyExc_TypeError, "a column is a list");
            return NULL;
        }
        if (rows >= 0 && PyList_Size(column) != rows) {
            PyErr_SetString(PyExc_ValueError, "the columns have different lengths");
            return NULL;
        }
        rows = PyList_Size(column);
    }
    PyObject *found = PyTuple_New(rows);
    for (Py_ssize_t row = 0; found && row < rows; row++) {
        PyObject *made = PyType_GenericAlloc((PyTypeObject *)kind, 0);
        if (!made || fill_slots(made, slots, columns, row) < 0) {
            Py_XDECREF(made);
            Py_CLEAR(found);
        } else if (PyTuple_SetItem(found, row, made) < 0) {
            Py_CLEAR(found);
        }
    }
    return found;
}

PyMethodDef RECORDS_METHODS[] = {
    {"fields_of", fields_of, METH_VARARGS, NULL},
    {"instances", instances, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
