/* Rows of a matrix gathered and added up: what the tagger's network does beside multiplying. */

#include "native.h"

#define MOST_WIDTH (1 << 20)

/* How many rows of so many values a matrix has; -1 with an exception where it has no whole number of them. */
static Py_ssize_t rows_in(const Array *matrix, Py_ssize_t width)
{
    if (matrix->width != 4 || width < 1 || width > MOST_WIDTH || matrix->count % width ||
        (uintptr_t)matrix->data % sizeof(float)) {
        PyErr_SetString(PyExc_TypeError, "a matrix is of float32, and has whole rows, which are not too wide");
        return -1;
    }
    return matrix->count / width;
}

static void add_row(float *restrict sums, const float *restrict row, Py_ssize_t width)
{
    for (Py_ssize_t column = 0; column < width; column++)
        sums[column] += row[column];
}

/* Whether every number of an array is a row of a matrix that has so many; sets an exception where not. */
static int all_below(const Array *numbers, Py_ssize_t rows)
{
    for (Py_ssize_t place = 0; place < numbers->count; place++) {
        const int64_t number = integer_at(numbers, place);
        if (number < 0 || number >= rows) {
            out_of_place("a row");
            return 0;
        }
    }
    return 1;
}

/* Adds rows of one matrix to rows of another, one after the other. */
static PyObject *add_rows(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *sums_given, *table_given, *rows_given, *places_given, *done = NULL;
    Py_ssize_t width, each;
    Array sums = {0}, table = {0}, rows = {0}, places = {0};
    Py_buffer writable = {0};
    if (!PyArg_ParseTuple(arguments, "OOOOnn", &sums_given, &table_given, &rows_given, &places_given, &width, &each))
        return NULL;
    if (array_open(&sums, sums_given, "f", "sums") < 0 || array_open(&table, table_given, "f", "table") < 0 ||
        array_open(&rows, rows_given, "iu", "rows") < 0 ||
        (places_given != Py_None && array_open(&places, places_given, "iu", "places") < 0))
        goto end;
    if (PyObject_GetBuffer(sums_given, &writable, PyBUF_WRITABLE) < 0) {
        writable.obj = NULL;
        goto end;
    }
    const Py_ssize_t targets = rows_in(&sums, width), sources = targets < 0 ? -1 : rows_in(&table, width);
    if (sources < 0)
        goto end;
    if (places_given != Py_None ? each != 1 || places.count != rows.count
                                : each < 1 || rows.count % each || rows.count / each != targets) {
        PyErr_SetString(PyExc_ValueError, "each row that is added needs a place");
        goto end;
    }
    if (!all_below(&rows, sources) || (places_given != Py_None && !all_below(&places, targets)))
        goto end;
    const uintptr_t begin = (uintptr_t)sums.data, other = (uintptr_t)table.data;
    if (begin < other + (size_t)table.view.len && other < begin + (size_t)sums.view.len) {
        PyErr_SetString(PyExc_ValueError, "rows cannot be added to themselves");
        goto end;
    }
    float *const into = writable.buf;
    const float *const from = (const float *)table.data;
    if (places_given != Py_None) {
        for (Py_ssize_t at = 0; at < rows.count; at++)
            add_row(into + integer_at(&places, at) * width, from + integer_at(&rows, at) * width, width);
    } else {
        for (Py_ssize_t target = 0, at = 0; target < targets; target++)
            for (Py_ssize_t number = 0; number < each; number++, at++)
                add_row(into + target * width, from + integer_at(&rows, at) * width, width);
    }
    done = Py_None;
    Py_INCREF(done);
end:
    if (writable.obj)
        PyBuffer_Release(&writable);
    array_close(&sums);
    array_close(&table);
    array_close(&rows);
    array_close(&places);
    return done;
}

/* The sums of stretches of rows; what goes beyond the first rows of a long one is added up by itself. */
static PyObject *stretch_sums(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *table_given, *rows_given, *firsts_given, *made = NULL;
    Py_ssize_t width, most;
    Array table = {0}, rows = {0}, firsts = {0};
    Py_buffer view = {0};
    float *rest = NULL;
    if (!PyArg_ParseTuple(arguments, "OOOnn", &table_given, &rows_given, &firsts_given, &width, &most))
        return NULL;
    if (array_open(&table, table_given, "f", "table") < 0 || array_open(&rows, rows_given, "iu", "rows") < 0 ||
        array_open(&firsts, firsts_given, "iu", "firsts") < 0)
        goto end;
    const Py_ssize_t sources = rows_in(&table, width);
    if (sources < 0 || !all_below(&rows, sources) || !all_below(&firsts, rows.count))
        goto end;
    if (most < 1 || firsts.count > PY_SSIZE_T_MAX / (width * (Py_ssize_t)sizeof(float))) {
        PyErr_SetString(PyExc_ValueError, "that many rows cannot be added up");
        goto end;
    }
    for (Py_ssize_t number = 1; number < firsts.count; number++)
        if (integer_at(&firsts, number) <= integer_at(&firsts, number - 1)) {
            PyErr_SetString(PyExc_ValueError, "stretches begin in rising order");
            goto end;
        }
    rest = memory_for(width, sizeof(float));
    if (!rest || !(made = array_new("f4", firsts.count * width, &view)))
        goto end;
    const size_t row_size = (size_t)width * sizeof(float);
    const float *const from = (const float *)table.data;
    for (Py_ssize_t number = 0; number < firsts.count; number++) {
        float *const into = (float *)view.buf + number * width;
        const Py_ssize_t start = (Py_ssize_t)integer_at(&firsts, number);
        const Py_ssize_t stop = number + 1 < firsts.count ? (Py_ssize_t)integer_at(&firsts, number + 1) : rows.count;
        const Py_ssize_t middle = stop - start > most ? start + most : stop;
        memcpy(into, from + integer_at(&rows, start) * width, row_size);
        for (Py_ssize_t at = start + 1; at < middle; at++)
            add_row(into, from + integer_at(&rows, at) * width, width);
        if (middle < stop) {
            memcpy(rest, from + integer_at(&rows, middle) * width, row_size);
            for (Py_ssize_t at = middle + 1; at < stop; at++)
                add_row(rest, from + integer_at(&rows, at) * width, width);
            add_row(into, rest, width);
        }
    }
    PyBuffer_Release(&view);
end:
    PyMem_Free(rest);
    array_close(&table);
    array_close(&rows);
    array_close(&firsts);
    return made;
}

PyMethodDef TAGGING_METHODS[] = {
    {"add_rows", add_rows, METH_VARARGS, NULL},
    {"stretch_sums", stretch_sums, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
