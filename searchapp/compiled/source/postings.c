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

/* One field of a word. */
typedef struct {
    Array docs, tf;
    int has_tf;
    int64_t times;
} Field;

static void field_close(Field *field)
{
    array_close(&field->docs);
    array_close(&field->tf);
}

static int field_open(Field *field, PyObject *given)
{
    PyObject *docs, *tf;
    long long times;
    if (!PyArg_ParseTuple(given, "OOL", &docs, &tf, &times) || array_open_i8(&field->docs, docs, "docs") < 0)
        return -1;
    field->times = times;
    field->has_tf = tf != Py_None;
    if (!field->has_tf)
        return 0;
    if (array_open(&field->tf, tf, "ui", "frequencies") < 0)
        return -1;
    return field->tf.count == field->docs.count ? 0 : out_of_place("a posting");
}

static inline int64_t frequency_at(const Field *field, Py_ssize_t place)
{
    return field->times * (field->has_tf ? integer_at(&field->tf, place) : 1);
}

/* Adds the articles of one field to `all`, those of both once, with the sum of their frequencies. */
static int add_field(Held *all, const Field *field)
{
    Held joined;
    const Py_ssize_t ones = all->count, others = field->docs.count;
    if (held_new(&joined, ones + others) < 0)
        return -1;
    Py_ssize_t one = 0, other = 0, count = 0;
    while (one < ones || other < others) {
        const int64_t doc = other < others ? i8_at(&field->docs, other) : 0;
        if (other == others || (one < ones && all->docs[one] < doc)) {
            joined.docs[count] = all->docs[one];
            joined.frequencies[count++] = all->frequencies[one++];
            continue;
        }
        int64_t frequency = frequency_at(field, other++);
        if (one < ones && all->docs[one] == doc)
            frequency += all->frequencies[one++];
        joined.docs[count] = doc;
        joined.frequencies[count++] = frequency;
    }
    joined.count = count;
    held_free(all);
    *all = joined;
    return 0;
}

/* Where the articles that hold a word go, with their keys. */
typedef struct {
    const Array *live, *codes;
    int64_t *docs;
    /* One of the two: where all keys are below 65,536, or where they are not. */
    uint16_t *narrow;
    int64_t *wide;
    Py_ssize_t count;
    int64_t most;
} Keyed;

/* Puts in an article if it lives; 0, or -1 with an exception. */
static inline int put_in(Keyed *keyed, int64_t doc, int64_t frequency)
{
    if (doc < 0 || doc >= keyed->codes->count || (keyed->live && doc >= keyed->live->count))
        return out_of_place("an article");
    if (keyed->live && !keyed->live->data[doc])
        return 0;
    if (frequency < 0)
        return out_of_place("a frequency");
    if (frequency > keyed->most)
        keyed->most = frequency;
    const uint64_t key = (uint64_t)frequency << 8 | (uint8_t)keyed->codes->data[doc];
    keyed->docs[keyed->count] = doc;
    if (keyed->narrow)
        keyed->narrow[keyed->count++] = (uint16_t)key;
    else
        keyed->wide[keyed->count++] = (int64_t)key;
    return 0;
}

/* Puts in the articles of a field from one place to another, none of which another field has. */
static int put_in_run(Keyed *keyed, const Field *field, Py_ssize_t from, Py_ssize_t to)
{
    const int plain = !keyed->live && keyed->narrow && field->times == 1 && field->has_tf && field->tf.width == 1 &&
                      field->tf.kind == 'u';
    if (!plain) {
        for (; from < to; from++)
            if (put_in(keyed, i8_at(&field->docs, from), frequency_at(field, from)) < 0)
                return -1;
        return 0;
    }
    /* Nearly all of nearly every word. */
    const uint8_t *tf = (const uint8_t *)field->tf.data, *codes = (const uint8_t *)keyed->codes->data;
    const uint64_t articles = (uint64_t)keyed->codes->count;
    int64_t *docs = keyed->docs + keyed->count;
    uint16_t *keys = keyed->narrow + keyed->count;
    uint8_t most = 0;
    for (Py_ssize_t place = from; place < to; place++) {
        const uint64_t doc = (uint64_t)i8_at(&field->docs, place);
        if (doc >= articles)
            return out_of_place("an article");
        most = tf[place] > most ? tf[place] : most;
        *docs++ = (int64_t)doc;
        *keys++ = (uint16_t)(tf[place] << 8 | codes[doc]);
    }
    keyed->count += to - from;
    if (most > keyed->most)
        keyed->most = most;
    return 0;
}

/* Puts in the articles of a field and of the others, which mostly are few, those of both once. */
static int put_in_all(Keyed *keyed, const Field *field, const Held *others)
{
    Py_ssize_t at = 0;
    keyed->count = 0;
    keyed->most = 0;
    for (Py_ssize_t other = 0; other < others->count; other++) {
        const int64_t doc = others->docs[other];
        int64_t frequency = others->frequencies[other];
        const Py_ssize_t place = place_from(&field->docs, at, doc);
        if (put_in_run(keyed, field, at, place) < 0)
            return -1;
        at = place;
        if (at < field->docs.count && i8_at(&field->docs, at) == doc)
            frequency += frequency_at(field, at++);
        if (put_in(keyed, doc, frequency) < 0)
            return -1;
    }
    return put_in_run(keyed, field, at, field->docs.count);
}

/* Leaves the first values of an array that was made here. */
static int shorten(PyObject *array, Py_ssize_t count)
{
    PyObject *resize = PyObject_GetAttrString(array, "resize");
    PyObject *arguments = resize ? Py_BuildValue("(n)", count) : NULL;
    /* Nobody else knows the array; a debugger's references to it do not matter. */
    PyObject *options = arguments ? Py_BuildValue("{sO}", "refcheck", Py_False) : NULL;
    PyObject *done = options ? PyObject_Call(resize, arguments, options) : NULL;
    Py_XDECREF(resize);
    Py_XDECREF(arguments);
    Py_XDECREF(options);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

/* (docs, keys, most) of a field and others; the keys of two bytes, or of eight. */
static PyObject *keyed_as(Keyed *keyed, const Field *field, const Held *others, int is_narrow)
{
    const Py_ssize_t room = field->docs.count + others->count;
    Py_buffer docs_view, keys_view;
    PyObject *found = NULL, *keys, *docs = array_new("i8", room, &docs_view);
    if (!docs)
        return NULL;
    keys = array_new(is_narrow ? "u2" : "i8", room, &keys_view);
    if (!keys) {
        PyBuffer_Release(&docs_view);
        Py_DECREF(docs);
        return NULL;
    }
    keyed->docs = docs_view.buf;
    keyed->narrow = is_narrow ? keys_view.buf : NULL;
    keyed->wide = is_narrow ? NULL : keys_view.buf;
    const int done = put_in_all(keyed, field, others);
    PyBuffer_Release(&docs_view);
    PyBuffer_Release(&keys_view);
    if (done == 0 && (keyed->count == room || (shorten(docs, keyed->count) == 0 && shorten(keys, keyed->count) == 0)))
        found = Py_BuildValue("OOL", docs, keys, (long long)keyed->most);
    Py_DECREF(docs);
    Py_DECREF(keys);
    return found;
}

#define NARROW 256

static PyObject *holders_of(Field *fields, Py_ssize_t count, const Array *live, const Array *codes)
{
    Keyed keyed = {.live = live, .codes = codes};
    Held others = {0};
    Py_ssize_t largest = 0;
    PyObject *found = NULL;
    for (Py_ssize_t number = 1; number < count; number++)
        if (fields[number].docs.count > fields[largest].docs.count)
            largest = number;
    if (held_new(&others, 0) < 0)
        return NULL;
    Py_ssize_t number = 0;
    while (number < count && (number == largest || add_field(&others, &fields[number]) == 0))
        number++;
    if (number == count) {
        found = keyed_as(&keyed, &fields[largest], &others, 1);
        if (found && keyed.most >= NARROW) {
            Py_DECREF(found);
            found = keyed_as(&keyed, &fields[largest], &others, 0);
        }
    }
    held_free(&others);
    return found;
}

static PyObject *holders(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *given, *given_live, *given_codes, *found = NULL;
    Array live = {0}, codes = {0};
    Field *fields = NULL;
    Py_ssize_t number = 0;
    if (!PyArg_ParseTuple(arguments, "O!OO", &PyTuple_Type, &given, &given_live, &given_codes))
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
    const Py_ssize_t count = PyTuple_Size(given);
    /* Without a field there is one of no articles. */
    fields = memory_for(count + 1, sizeof *fields);
    if (!fields)
        goto end;
    memset(fields, 0, (size_t)(count + 1) * sizeof *fields);
    while (number < count && field_open(&fields[number], PyTuple_GetItem(given, number)) == 0)
        number++;
    if (number == count)
        found = holders_of(fields, count, live.view.obj ? &live : NULL, &codes);
    for (Py_ssize_t opened = 0; opened < count; opened++)
        field_close(&fields[opened]);
end:
    PyMem_Free(fields);
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
