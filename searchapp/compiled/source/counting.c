/* How many of some articles have each label, of several facets at once; and how many each number of a column. */

#include "native.h"

#include <stdlib.h>

static int ascending(const void *one, const void *other)
{
    const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return a < b ? -1 : a > b;
}

/* Counts of numbers below `size`, and those that were met, each once. */
typedef struct {
    uint32_t *of;
    int64_t *met;
    Py_ssize_t size, different;
} Counts;

static int counts_new(Counts *counts, Py_ssize_t size)
{
    counts->size = size;
    counts->different = 0;
    counts->met = NULL;
    counts->of = size < 0 ? NULL : PyMem_Calloc(size ? (size_t)size : 1, sizeof *counts->of);
    counts->met = counts->of ? memory_for(size, sizeof *counts->met) : NULL;
    if (counts->met)
        return 0;
    PyMem_Free(counts->of);
    counts->of = NULL;
    if (!PyErr_Occurred())
        PyErr_NoMemory();
    return -1;
}

static void counts_free(Counts *counts)
{
    PyMem_Free(counts->of);
    PyMem_Free(counts->met);
}

static inline int count_one(Counts *counts, int64_t number)
{
    if (number < 0 || number >= counts->size)
        return out_of_place("a label");
    if (!counts->of[number]++)
        counts->met[counts->different++] = number;
    return 0;
}

static void put_in_order(Counts *counts)
{
    if (counts->different < counts->size / 16) {
        qsort(counts->met, (size_t)counts->different, sizeof *counts->met, ascending);
        return;
    }
    Py_ssize_t place = 0;
    for (Py_ssize_t number = 0; number < counts->size; number++)
        if (counts->of[number])
            counts->met[place++] = number;
}

/* (numbers less `low`, counts) of the met numbers at some places. */
static PyObject *part_of(const Counts *counts, Py_ssize_t start, Py_ssize_t stop, int64_t low, PyObject *missing)
{
    PyObject *numbers, *sums, *made = NULL;
    Py_buffer view;
    numbers = array_new("i8", stop - start, &view);
    if (!numbers)
        return NULL;
    for (Py_ssize_t place = start; place < stop; place++)
        ((int64_t *)view.buf)[place - start] = counts->met[place] - low;
    PyBuffer_Release(&view);
    sums = array_new("i8", stop - start, &view);
    if (sums) {
        for (Py_ssize_t place = start; place < stop; place++)
            ((int64_t *)view.buf)[place - start] = counts->of[counts->met[place]];
        PyBuffer_Release(&view);
        made = missing ? PyTuple_Pack(3, numbers, sums, missing) : PyTuple_Pack(2, numbers, sums);
    }
    Py_DECREF(numbers);
    Py_XDECREF(sums);
    return made;
}

/* So many articles ahead of the one that is counted the labels are fetched: they lie all over the memory. */
#define AHEAD 12

static inline int count_row(Counts *counts, const Array *labels, int64_t start, int64_t stop, int width)
{
    if (start < 0 || stop > labels->count)
        return out_of_place("a row of labels");
    for (int64_t at = start; at < stop; at++) {
        int64_t label;
        if (width == 2) {
            uint16_t value;
            memcpy(&value, labels->data + 2 * at, 2);
            label = value;
        } else if (width == 4) {
            uint32_t value;
            memcpy(&value, labels->data + 4 * at, 4);
            label = value;
        } else {
            label = integer_at(labels, at);
        }
        if (count_one(counts, label) < 0)
            return -1;
    }
    return 0;
}

/* With the widths known beforehand, the loops have no choice to make in them. */
static inline int count_rows_of(Counts *counts, const Array *docs, const Array *starts, const Array *labels,
                                int start_width, int width)
{
    const uint64_t rows = starts->count ? (uint64_t)starts->count - 1 : 0;
    for (Py_ssize_t place = 0; place < docs->count; place++) {
        if (start_width == 4 && place + AHEAD < docs->count) {
            const uint64_t next = (uint64_t)i8_at(docs, place + AHEAD);
            if (next < rows) {
                uint32_t start;
                memcpy(&start, starts->data + 4 * next, 4);
                if (start < (uint64_t)labels->count)
                    FETCH(labels->data + (size_t)start * (size_t)labels->width);
            }
        }
        const uint64_t doc = (uint64_t)i8_at(docs, place);
        if (doc >= rows)
            return out_of_place("an article");
        int64_t start, stop;
        if (start_width == 4) {
            uint32_t both[2];
            memcpy(both, starts->data + 4 * doc, 8);
            start = both[0];
            stop = both[1];
        } else {
            start = integer_at(starts, (Py_ssize_t)doc);
            stop = integer_at(starts, (Py_ssize_t)doc + 1);
        }
        if (count_row(counts, labels, start, stop, width) < 0)
            return -1;
    }
    return 0;
}

static int count_rows(Counts *counts, const Array *docs, const Array *starts, const Array *labels)
{
    if (starts->width == 4 && labels->width == 2)
        return count_rows_of(counts, docs, starts, labels, 4, 2);
    if (starts->width == 4 && labels->width == 4)
        return count_rows_of(counts, docs, starts, labels, 4, 4);
    return count_rows_of(counts, docs, starts, labels, 0, 0);
}

static PyObject *split(Counts *counts, const Array *offsets)
{
    PyObject *found = PyTuple_New(offsets->count - 1);
    Py_ssize_t place = 0;
    put_in_order(counts);
    for (Py_ssize_t facet = 0; found && facet < offsets->count - 1; facet++) {
        const int64_t low = i8_at(offsets, facet), high = i8_at(offsets, facet + 1);
        Py_ssize_t stop = place;
        while (stop < counts->different && counts->met[stop] < high)
            stop++;
        /* The last number of a facet stands for having no label. */
        const int has_missing = stop > place && counts->met[stop - 1] == high - 1;
        PyObject *missing = PyLong_FromLong(has_missing ? (long)counts->of[high - 1] : 0);
        PyObject *part = missing ? part_of(counts, place, stop - has_missing, low, missing) : NULL;
        Py_XDECREF(missing);
        if (!part || PyTuple_SetItem(found, facet, part) < 0)
            Py_CLEAR(found);
        place = stop;
    }
    return found;
}

static PyObject *label_counts(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *given_docs, *given_starts, *given_labels, *given_offsets, *found = NULL;
    Array docs = {0}, starts = {0}, labels = {0}, offsets = {0};
    Counts counts = {0};
    if (!PyArg_ParseTuple(arguments, "OOOO", &given_docs, &given_starts, &given_labels, &given_offsets))
        return NULL;
    if (array_open_i8(&docs, given_docs, "docs") < 0 || array_open(&starts, given_starts, "u", "starts") < 0 ||
        array_open(&labels, given_labels, "u", "labels") < 0 || array_open_i8(&offsets, given_offsets, "offsets") < 0)
        goto end;
    if (offsets.count < 1) {
        out_of_place("a facet");
        goto end;
    }
    for (Py_ssize_t facet = 0; facet < offsets.count; facet++)
        if (i8_at(&offsets, facet) < (facet ? i8_at(&offsets, facet - 1) : 0)) {
            out_of_place("a facet");
            goto end;
        }
    if (counts_new(&counts, i8_at(&offsets, offsets.count - 1)) == 0 && count_rows(&counts, &docs, &starts, &labels) == 0)
        found = split(&counts, &offsets);
end:
    counts_free(&counts);
    array_close(&docs);
    array_close(&starts);
    array_close(&labels);
    array_close(&offsets);
    return found;
}

static PyObject *code_counts(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *given_docs, *given_codes, *found = NULL;
    Py_ssize_t size;
    Array docs = {0}, codes = {0};
    Counts counts = {0};
    if (!PyArg_ParseTuple(arguments, "OOn", &given_docs, &given_codes, &size))
        return NULL;
    if (array_open_i8(&docs, given_docs, "docs") < 0 || array_open(&codes, given_codes, "u", "codes") < 0 ||
        counts_new(&counts, size) < 0)
        goto end;
    for (Py_ssize_t place = 0; place < docs.count; place++) {
        const int64_t doc = i8_at(&docs, place);
        if (doc < 0 || doc >= codes.count) {
            out_of_place("an article");
            goto end;
        }
        const int64_t code = integer_at(&codes, doc);
        /* The code after the last is that of articles without a number. */
        if (code != size && count_one(&counts, code) < 0)
            goto end;
    }
    put_in_order(&counts);
    found = part_of(&counts, 0, counts.different, 0, NULL);
end:
    counts_free(&counts);
    array_close(&docs);
    array_close(&codes);
    return found;
}

/* A count, and the place where it stands. */
typedef struct {
    int64_t count;
    Py_ssize_t place;
} Placed;

static int more_first(const void *one, const void *other)
{
    const Placed *a = one, *b = other;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

/* The places of the `wanted` highest counts, equal ones by place: they are put in among those before. */
static PyObject *highest(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *given, *made = NULL;
    Py_ssize_t wanted;
    Array counts = {0};
    if (!PyArg_ParseTuple(arguments, "On", &given, &wanted) || array_open_i8(&counts, given, "counts") < 0)
        return NULL;
    if (wanted > counts.count)
        wanted = counts.count;
    if (wanted < 0)
        wanted = 0;
    const int few = wanted <= 64;
    Placed *best = memory_for(few ? wanted : counts.count, sizeof *best);
    if (!best)
        goto end;
    Py_ssize_t held = 0;
    for (Py_ssize_t place = 0; place < counts.count; place++) {
        const Placed one = {i8_at(&counts, place), place};
        if (!few) {
            best[held++] = one;
            continue;
        }
        if (held == wanted && (!wanted || one.count <= best[held - 1].count))
            continue;
        Py_ssize_t at = held < wanted ? held++ : held - 1;
        while (at && best[at - 1].count < one.count) {
            best[at] = best[at - 1];
            at--;
        }
        best[at] = one;
    }
    if (!few)
        qsort(best, (size_t)held, sizeof *best, more_first);
    Py_buffer view;
    made = array_new("i8", wanted, &view);
    if (made) {
        for (Py_ssize_t place = 0; place < wanted; place++)
            ((int64_t *)view.buf)[place] = best[place].place;
        PyBuffer_Release(&view);
    }
end:
    PyMem_Free(best);
    array_close(&counts);
    return made;
}

static PyObject *added_up(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *given_values, *given_counts, *made = NULL;
    Array values = {0}, counts = {0};
    int64_t *sums = NULL;
    if (!PyArg_ParseTuple(arguments, "OO", &given_values, &given_counts))
        return NULL;
    if (array_open_i8(&values, given_values, "values") < 0 || array_open_i8(&counts, given_counts, "counts") < 0)
        goto end;
    if (values.count != counts.count) {
        out_of_place("a count");
        goto end;
    }
    sums = memory_for(2 * values.count, sizeof *sums);
    if (!sums)
        goto end;
    int64_t *different = sums + values.count;
    Py_ssize_t last = -1;
    for (Py_ssize_t place = 0; place < values.count; place++) {
        if (last < 0 || different[last] != i8_at(&values, place)) {
            different[++last] = i8_at(&values, place);
            sums[last] = 0;
        }
        sums[last] = (int64_t)((uint64_t)sums[last] + (uint64_t)i8_at(&counts, place));
    }
    PyObject *one = array_made("i8", different, last + 1), *other = array_made("i8", sums, last + 1);
    if (one && other)
        made = PyTuple_Pack(2, one, other);
    Py_XDECREF(one);
    Py_XDECREF(other);
end:
    PyMem_Free(sums);
    array_close(&values);
    array_close(&counts);
    return made;
}

PyMethodDef COUNTING_METHODS[] = {
    {"label_counts", label_counts, METH_VARARGS, NULL},
    {"code_counts", code_counts, METH_VARARGS, NULL},
    {"added_up", added_up, METH_VARARGS, NULL},
    {"highest", highest, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
