/* Posting lists: from the gaps of a file to articles, which of them match, and what a word scores in each. */

#include "native.h"

#define STEP (1.0 / 16384.0)

static PyObject *decoded(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *given;
    long long first;
    Array gaps;
    if (!PyArg_ParseTuple(arguments, "OL", &given, &first) || array_open(&gaps, given, "u", "gaps") < 0)
        return NULL;
    Py_buffer view;
    PyObject *made = array_new("i8", gaps.count, &view);
    if (made) {
        int64_t *docs = view.buf;
        /* Sums of damaged numbers may be too large for 64 bits, which is defined for numbers without a sign. */
        uint64_t doc = (uint64_t)first;
        const Py_ssize_t count = gaps.count;
        switch (gaps.width) {
        case 1:
            for (Py_ssize_t place = 0; place < count; place++)
                docs[place] = (int64_t)(doc += (uint8_t)gaps.data[place]);
            break;
        default:
            for (Py_ssize_t place = 0; place < count; place++)
                docs[place] = (int64_t)(doc += (uint64_t)integer_at(&gaps, place));
        }
        PyBuffer_Release(&view);
    }
    array_close(&gaps);
    return made;
}

static PyObject *unpacked(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *lows, *halves;
    long long first, count;
    Numbers numbers;
    if (!PyArg_ParseTuple(arguments, "OOLL", &lows, &halves, &first, &count))
        return NULL;
    if (numbers_open_packed(&numbers, lows, halves, first, count, "numbers") < 0) {
        numbers_close(&numbers);
        return NULL;
    }
    Py_buffer view;
    PyObject *made = array_new(numbers.has_low ? "u2" : "u1", numbers.count, &view);
    if (made) {
        if (numbers.has_low) {
            uint16_t *values = view.buf;
            for (Py_ssize_t place = 0; place < numbers.count; place++)
                values[place] = (uint16_t)number_at(&numbers, place);
        } else {
            uint8_t *values = view.buf;
            const uint8_t *pairs = (const uint8_t *)numbers.array.data;
            Py_ssize_t place = 0;
            if (numbers.first && numbers.count)
                values[place++] = *pairs++ >> 4;
            for (; place + 1 < numbers.count; place += 2, pairs++) {
                values[place] = *pairs & 15;
                values[place + 1] = *pairs >> 4;
            }
            if (place < numbers.count)
                values[place] = *pairs & 15;
        }
        PyBuffer_Release(&view);
    }
    numbers_close(&numbers);
    return made;
}

/* Articles that hold a word, and its frequency in each. */
typedef struct {
    int64_t *docs;
    int64_t *frequencies;
    Py_ssize_t count;
} Held;

static void held_free(Held *held)
{
    PyMem_Free(held->docs);
    PyMem_Free(held->frequencies);
    memset(held, 0, sizeof *held);
}

static int held_new(Held *held, Py_ssize_t most)
{
    held->count = 0;
    held->docs = memory_for(most, sizeof *held->docs);
    held->frequencies = memory_for(most, sizeof *held->frequencies);
    if (held->docs && held->frequencies)
        return 0;
    held_free(held);
    return -1;
}

/* Adds the articles of one field to `all`, those of both once, with the sum of their frequencies. */
static int add_field(Held *all, const Array *docs, const Array *tf, int64_t times)
{
    Held joined;
    if (held_new(&joined, all->count + docs->count) < 0)
        return -1;
    Py_ssize_t one = 0, other = 0, count = 0;
    const Py_ssize_t ones = all->count, others = docs->count;
    int64_t doc = others ? i8_at(docs, 0) : 0;
    while (one < ones || other < others) {
        if (other == others || (one < ones && all->docs[one] < doc)) {
            joined.docs[count] = all->docs[one];
            joined.frequencies[count++] = all->frequencies[one++];
            continue;
        }
        int64_t frequency = times * (tf ? integer_at(tf, other) : 1);
        if (one < ones && all->docs[one] == doc)
            frequency += all->frequencies[one++];
        joined.docs[count] = doc;
        joined.frequencies[count++] = frequency;
        if (++other < others)
            doc = i8_at(docs, other);
    }
    joined.count = count;
    held_free(all);
    *all = joined;
    return 0;
}

static int read_field(PyObject *field, Held *all)
{
    PyObject *given_docs, *given_tf;
    long long times;
    Array docs = {0}, tf = {0};
    int done = -1;
    if (!PyArg_ParseTuple(field, "OOL", &given_docs, &given_tf, &times))
        return -1;
    if (array_open_i8(&docs, given_docs, "docs") < 0)
        return -1;
    if (given_tf != Py_None) {
        if (array_open(&tf, given_tf, "ui", "frequencies") < 0)
            goto end;
        if (tf.count != docs.count) {
            out_of_place("a posting");
            goto end;
        }
    }
    done = add_field(all, &docs, given_tf == Py_None ? NULL : &tf, times);
end:
    array_close(&docs);
    array_close(&tf);
    return done;
}

/* Leaves the living articles, with the code of the length of each in its key; the largest frequency, or -1. */
static int64_t make_keys(Held *held, const Array *live, const Array *codes)
{
    int64_t most = 0;
    Py_ssize_t count = 0;
    for (Py_ssize_t place = 0; place < held->count; place++) {
        const int64_t doc = held->docs[place];
        if (doc < 0 || doc >= codes->count || (live && doc >= live->count))
            return out_of_place("an article");
        if (live && !live->data[doc])
            continue;
        const int64_t frequency = held->frequencies[place];
        if (frequency < 0)
            return out_of_place("a frequency");
        if (frequency > most)
            most = frequency;
        held->docs[count] = doc;
        held->frequencies[count++] = (int64_t)((uint64_t)frequency << 8 | (uint8_t)codes->data[doc]);
    }
    held->count = count;
    return most;
}

static PyObject *holders(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *fields, *given_live, *given_codes, *found = NULL;
    Array live = {0}, codes = {0};
    Held held = {0};
    if (!PyArg_ParseTuple(arguments, "O!OO", &PyTuple_Type, &fields, &given_live, &given_codes))
        return NULL;
    if (array_open(&codes, given_codes, "u", "codes") < 0)
        return NULL;
    if (codes.width != 1) {
        PyErr_SetString(PyExc_TypeError, "codes of lengths have one byte");
        goto end;
    }
    if (given_live != Py_None && array_open(&live, given_live, "u", "live") < 0)
        goto end;
    if (live.view.obj && live.width != 1) {
        PyErr_SetString(PyExc_TypeError, "live has one byte for each article");
        goto end;
    }
    if (held_new(&held, 0) < 0)
        goto end;
    for (Py_ssize_t number = 0; number < PyTuple_Size(fields); number++)
        if (read_field(PyTuple_GetItem(fields, number), &held) < 0)
            goto end;
    const int64_t most = make_keys(&held, live.view.obj ? &live : NULL, &codes);
    if (most < 0)
        goto end;
    PyObject *docs = array_made("i8", held.docs, held.count), *keys;
    if (most < 256) {
        Py_buffer view;
        keys = array_new("u2", held.count, &view);
        if (keys) {
            uint16_t *narrow = view.buf;
            for (Py_ssize_t place = 0; place < held.count; place++)
                narrow[place] = (uint16_t)held.frequencies[place];
            PyBuffer_Release(&view);
        }
    } else {
        keys = array_made("i8", held.frequencies, held.count);
    }
    if (docs && keys)
        found = Py_BuildValue("OOL", docs, keys, (long long)most);
    Py_XDECREF(docs);
    Py_XDECREF(keys);
end:
    held_free(&held);
    array_close(&codes);
    array_close(&live);
    return found;
}

/* Leaves those of `count` ascending numbers that are in `others` too, or that are not; how many. */
static Py_ssize_t keep(int64_t *docs, Py_ssize_t count, const Array *others, int wanted)
{
    Py_ssize_t kept = 0, place = 0;
    for (Py_ssize_t number = 0; number < count; number++) {
        const int64_t doc = docs[number];
        place = place_from(others, place, doc);
        if ((place < others->count && i8_at(others, place) == doc) == wanted)
            docs[kept++] = doc;
    }
    return kept;
}

static PyObject *kept(PyObject *arguments, int wanted)
{
    PyObject *given, *sets, *found = NULL;
    Array docs;
    if (!PyArg_ParseTuple(arguments, "OO!", &given, &PyTuple_Type, &sets) || array_open_i8(&docs, given, "docs") < 0)
        return NULL;
    int64_t *left = memory_for(docs.count, sizeof *left);
    if (left) {
        memcpy(left, docs.data, (size_t)docs.count * sizeof *left);
        Py_ssize_t count = docs.count;
        Py_ssize_t number = 0;
        for (; number < PyTuple_Size(sets); number++) {
            Array others;
            if (array_open_i8(&others, PyTuple_GetItem(sets, number), "docs") < 0)
                break;
            count = keep(left, count, &others, wanted);
            array_close(&others);
        }
        if (number == PyTuple_Size(sets))
            found = array_made("i8", left, count);
        PyMem_Free(left);
    }
    array_close(&docs);
    return found;
}

static PyObject *in_all(PyObject *Py_UNUSED(module), PyObject *arguments) { return kept(arguments, 1); }

static PyObject *in_none(PyObject *Py_UNUSED(module), PyObject *arguments) { return kept(arguments, 0); }

static float score_of(int64_t key, double idf, const double *norms)
{
    const double frequency = (double)(key >> 8);
    return (float)(rint(idf * (frequency / (frequency + norms[key & 255])) / STEP) * STEP);
}

#define KNOWN_KEYS 4096

static PyObject *word_scores(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *given_held, *given_keys, *given_norms, *given_docs, *made = NULL;
    double idf;
    Array held = {0}, keys = {0}, norms = {0}, docs = {0};
    if (!PyArg_ParseTuple(arguments, "OOdOO", &given_held, &given_keys, &idf, &given_norms, &given_docs))
        return NULL;
    if (array_open_i8(&held, given_held, "held") < 0 || array_open(&keys, given_keys, "ui", "keys") < 0 ||
        array_open_f8(&norms, given_norms, "norms") < 0 || array_open_i8(&docs, given_docs, "docs") < 0)
        goto end;
    if (norms.count != 256 || keys.count != held.count) {
        out_of_place("a key");
        goto end;
    }
    Py_buffer view;
    made = array_new("f4", docs.count, &view);
    if (!made)
        goto end;
    double norm_of[256];
    memcpy(norm_of, norms.data, sizeof norm_of);
    float *scores = view.buf;
    /* Small frequencies come again and again: their scores are worked out once. */
    float known[KNOWN_KEYS];
    const int many = docs.count > KNOWN_KEYS / 4;
    if (many)
        for (int key = 0; key < KNOWN_KEYS; key++)
            known[key] = -1.0f;
    const int all = docs.count == held.count;
    Py_ssize_t at = 0;
    for (Py_ssize_t place = 0; place < docs.count; place++) {
        if (all)
            at = place;
        else {
            const int64_t doc = i8_at(&docs, place);
            at = place_from(&held, at, doc);
            if (at == held.count || i8_at(&held, at) != doc) {
                out_of_place("an article that was found");
                PyBuffer_Release(&view);
                Py_CLEAR(made);
                goto end;
            }
        }
        const int64_t key = integer_at(&keys, at);
        if (many && key >= 0 && key < KNOWN_KEYS) {
            if (known[key] < 0)
                known[key] = score_of(key, idf, norm_of);
            scores[place] = known[key];
        } else {
            scores[place] = score_of(key, idf, norm_of);
        }
    }
    PyBuffer_Release(&view);
end:
    array_close(&held);
    array_close(&keys);
    array_close(&norms);
    array_close(&docs);
    return made;
}

/* How the word of this number compares with `word`; it is not there where its ends are out of place. */
static int compare(const Array *ends, const char *text, Py_ssize_t length, Py_ssize_t number, const char *word,
                   Py_ssize_t size, int *order)
{
    const int64_t start = number ? integer_at(ends, number - 1) + 1 : 0, end = integer_at(ends, number);
    if (start < 0 || end < start || end > length)
        return out_of_place("a word");
    const Py_ssize_t own = (Py_ssize_t)(end - start);
    *order = memcmp(text + start, word, (size_t)(own < size ? own : size));
    if (!*order)
        *order = own < size ? -1 : own > size;
    return 0;
}

static PyObject *find_word(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *given;
    const char *text, *word;
    Py_ssize_t length, size;
    Array ends;
    if (!PyArg_ParseTuple(arguments, "Oy#y#", &given, &text, &length, &word, &size) ||
        array_open(&ends, given, "u", "ends") < 0)
        return NULL;
    Py_ssize_t low = 0, high = ends.count;
    int order = 1;
    while (low < high) {
        const Py_ssize_t middle = low + (high - low) / 2;
        if (compare(&ends, text, length, middle, word, size, &order) < 0)
            goto failed;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    order = 1;
    if (low < ends.count && compare(&ends, text, length, low, word, size, &order) < 0)
        goto failed;
    array_close(&ends);
    return PyLong_FromSsize_t(order ? ~low : low);
failed:
    array_close(&ends);
    return NULL;
}

PyMethodDef POSTINGS_METHODS[] = {
    {"decoded", decoded, METH_VARARGS, NULL},
    {"find_word", find_word, METH_VARARGS, NULL},
    {"holders", holders, METH_VARARGS, NULL},
    {"in_all", in_all, METH_VARARGS, NULL},
    {"in_none", in_none, METH_VARARGS, NULL},
    {"unpacked", unpacked, METH_VARARGS, NULL},
    {"word_scores", word_scores, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
