/* Arrays that are given, and arrays that are made. */

#include "native.h"

static PyObject *empty;

int array_open(Array *array, PyObject *object, const char *kinds, const char *name)
{
    memset(array, 0, sizeof *array);
    if (PyObject_GetBuffer(object, &array->view, PyBUF_FORMAT | PyBUF_C_CONTIGUOUS) < 0) {
        array->view.obj = NULL;
        return -1;
    }
    const char *format = array->view.format ? array->view.format : "B";
    char kind = 0;
    if (format[0] && !format[1]) {
        if (strchr("?BHILQN", format[0]))
            kind = 'u';
        else if (strchr("bhilqn", format[0]))
            kind = 'i';
        else if (strchr("fd", format[0]))
            kind = 'f';
    }
    if (!kind || !strchr(kinds, kind) || array->view.ndim != 1) {
        PyErr_Format(PyExc_TypeError, "%s is no array of such numbers, but of '%s'", name, format);
        array_close(array);
        return -1;
    }
    array->data = array->view.buf;
    array->width = (int)array->view.itemsize;
    array->count = array->view.len / array->view.itemsize;
    array->kind = kind;
    return 0;
}

static int of_eight_bytes(Array *array, PyObject *object, const char *kind, const char *name)
{
    if (array_open(array, object, kind, name) < 0)
        return -1;
    if (array->width != 8) {
        PyErr_Format(PyExc_TypeError, "%s has numbers of %d bytes, not of 8", name, array->width);
        array_close(array);
        return -1;
    }
    return 0;
}

int array_open_i8(Array *array, PyObject *object, const char *name) { return of_eight_bytes(array, object, "i", name); }

int array_open_f8(Array *array, PyObject *object, const char *name) { return of_eight_bytes(array, object, "f", name); }

void array_close(Array *array)
{
    if (array->view.obj) {
        PyBuffer_Release(&array->view);
        array->view.obj = NULL;
    }
}

int numbers_open(Numbers *numbers, PyObject *object, const char *name)
{
    memset(numbers, 0, sizeof *numbers);
    if (PyTuple_Check(object)) {
        PyObject *low, *halves;
        long long first, count;
        if (!PyArg_ParseTuple(object, "OOLL", &low, &halves, &first, &count))
            return -1;
        return numbers_open_packed(numbers, low, halves, first, count, name);
    }
    if (array_open(&numbers->array, object, "u", name) < 0)
        return -1;
    numbers->count = numbers->array.count;
    return 0;
}

int numbers_open_packed(Numbers *numbers, PyObject *low, PyObject *halves, long long first, long long count,
                        const char *name)
{
    memset(numbers, 0, sizeof *numbers);
    numbers->is_packed = 1;
    numbers->has_low = low != Py_None;
    if (array_open(&numbers->array, halves, "u", name) < 0 ||
        (numbers->has_low && array_open(&numbers->low, low, "u", name) < 0))
        return -1;
    if (numbers->array.width != 1 || (numbers->has_low && numbers->low.width != 1)) {
        PyErr_Format(PyExc_TypeError, "%s are packed in bytes", name);
        return -1;
    }
    if ((first != 0 && first != 1) || count < 0 || count > 2 * (long long)numbers->array.count - first ||
        (numbers->has_low && count != numbers->low.count))
        return out_of_place("a packed number");
    numbers->first = (Py_ssize_t)first;
    numbers->count = (Py_ssize_t)count;
    return 0;
}

void numbers_close(Numbers *numbers)
{
    array_close(&numbers->array);
    array_close(&numbers->low);
}

PyObject *array_new(const char *type, Py_ssize_t count, Py_buffer *view)
{
    if (!empty) {
        PyObject *numpy = PyImport_ImportModule("numpy");
        if (!numpy)
            return NULL;
        empty = PyObject_GetAttrString(numpy, "empty");
        Py_DECREF(numpy);
        if (!empty)
            return NULL;
    }
    PyObject *made = PyObject_CallFunction(empty, "ns", count, type);
    if (made && PyObject_GetBuffer(made, view, PyBUF_WRITABLE) < 0)
        Py_CLEAR(made);
    return made;
}

PyObject *array_made(const char *type, const void *values, Py_ssize_t count)
{
    Py_buffer view;
    PyObject *made = array_new(type, count, &view);
    if (made) {
        if (view.len)
            memcpy(view.buf, values, (size_t)view.len);
        PyBuffer_Release(&view);
    }
    return made;
}

void *memory_for(Py_ssize_t count, size_t size)
{
    if (count < 0 || (size_t)count > (size_t)PY_SSIZE_T_MAX / size) {
        PyErr_NoMemory();
        return NULL;
    }
    void *memory = PyMem_Malloc(count ? (size_t)count * size : size);
    if (!memory)
        PyErr_NoMemory();
    return memory;
}

int out_of_place(const char *what)
{
    PyErr_Format(PyExc_IndexError, "%s points outside of its array", what);
    return -1;
}
