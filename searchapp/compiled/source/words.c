/* Text cut into the tokens that the tagger sees: characters come as code points, and each with what kind it is. */

#include "native.h"

/* As in `contract.py`. */
enum { LETTER = 1, UPPER = 2, LOWER = 4, DIGIT = 8, SPACE = 16, MARK = 32, WORD = LETTER | DIGIT | MARK };
enum { SIGN, SMALL, CAPITALISED, CAPITALS, INITIAL, MIXED, NUMBER, CODE, DOTTED, UNCASED, ORDINAL };

typedef struct {
    Array codes, kinds;
} Text;

static int text_open(Text *text, PyObject *codes, PyObject *kinds)
{
    memset(text, 0, sizeof *text);
    if (array_open(&text->codes, codes, "u", "codes") < 0 || array_open(&text->kinds, kinds, "u", "kinds") < 0)
        return -1;
    if (text->codes.width != 4 || text->kinds.width != 1 || text->codes.count != text->kinds.count) {
        PyErr_SetString(PyExc_TypeError, "each character has a code of 4 bytes, and a kind of one");
        return -1;
    }
    return 0;
}

static void text_close(Text *text)
{
    array_close(&text->codes);
    array_close(&text->kinds);
}

static inline uint32_t code_at(const Text *text, Py_ssize_t place)
{
    const Py_ssize_t last = text->codes.count - 1;
    uint32_t code;
    memcpy(&code, text->codes.data + 4 * (place < 0 ? 0 : place > last ? last : place), 4);
    return code;
}

/* What kind a character is; nothing beyond the text. */
static inline unsigned kind_at(const Text *text, Py_ssize_t place)
{
    return place < 0 || place >= text->kinds.count ? 0 : (uint8_t)text->kinds.data[place];
}

static int single_before(const Text *text, Py_ssize_t at)
{
    return (kind_at(text, at - 1) & LETTER) && !(kind_at(text, at - 2) & WORD);
}

static int single_after(const Text *text, Py_ssize_t at)
{
    return (kind_at(text, at + 1) & LETTER) && !(kind_at(text, at + 2) & WORD);
}

/* Whether a full stop stands between two single letters, as in "U.S". */
static int is_inner_stop(const Text *text, Py_ssize_t at)
{
    return at >= 0 && code_at(text, at) == '.' && single_before(text, at) && single_after(text, at);
}

/* Whether a sign belongs to the word around it: 1, or 2 where it begins a possessive; else 0. */
static int belongs(const Text *text, Py_ssize_t at, uint32_t sign)
{
    const unsigned before = kind_at(text, at - 1), after = kind_at(text, at + 1);
    const uint32_t next = code_at(text, at + 1) | 0x20;
    switch (sign) {
    case '.':
        if (is_inner_stop(text, at) || ((before & LETTER) && (after & LOWER) && !single_after(text, at)) ||
            ((before & DIGIT) && (after & DIGIT)))
            return 1;
        return single_before(text, at) && ((before & UPPER) || is_inner_stop(text, at - 2));
    case ',':
        return (before & DIGIT) && (after & DIGIT);
    case '&':
        return (before & LETTER) && (after & LETTER);
    case '\'':
    case 0x2019:
        if (next == 's' && single_after(text, at) && ((before & WORD) || code_at(text, at - 1) == '.'))
            return 2;
        return (before & LETTER) && (after & LETTER);
    default: {
        const uint32_t third = code_at(text, at + 2);
        return !(kind_at(text, at - 3) & WORD) && code_at(text, at - 2) == 'C' && code_at(text, at - 1) == 'o' &&
               next == 'o' && (after & LOWER) && (third == 'p' || third == 'r');
    }
    }
}

static PyObject *token_bounds(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *codes, *kinds, *made = NULL, *starts = NULL, *ends = NULL;
    Text text;
    uint8_t *in_word = NULL;
    int64_t *first = NULL, *last = NULL;
    if (!PyArg_ParseTuple(arguments, "OO", &codes, &kinds))
        return NULL;
    if (text_open(&text, codes, kinds) < 0)
        goto end;
    const Py_ssize_t size = text.codes.count;
    if (!(in_word = memory_for(size, 1)) || !(first = memory_for(size, sizeof *first)) ||
        !(last = memory_for(size, sizeof *last)))
        goto end;
    for (Py_ssize_t at = 0; at < size; at++) {
        const uint32_t code = code_at(&text, at);
        in_word[at] = (kind_at(&text, at) & WORD) != 0;
        if (code == '.' || code == '\'' || code == 0x2019 || code == '&' || code == ',' || code == '-') {
            const int is_part = belongs(&text, at, code);
            if (is_part)
                in_word[at] = (uint8_t)is_part;
        }
    }
    Py_ssize_t begun = 0, ended = 0;
    int was_space = 1;
    for (Py_ssize_t at = 0; at < size; at++) {
        const int is_space = (kind_at(&text, at) & SPACE) != 0;
        const int follows = at > 0 && in_word[at - 1];
        int begins = 0;
        if (!is_space)
            begins = !at || (in_word[at] ? !follows || in_word[at] == 2
                                         : follows || code_at(&text, at) != code_at(&text, at - 1));
        if (!was_space && (begins || is_space))
            last[ended++] = at;
        if (begins)
            first[begun++] = at;
        was_space = is_space;
    }
    if (!was_space)
        last[ended++] = size;
    starts = array_made("i8", first, begun);
    ends = starts ? array_made("i8", last, ended) : NULL;
    made = ends ? PyTuple_Pack(2, starts, ends) : NULL;
end:
    Py_XDECREF(starts);
    Py_XDECREF(ends);
    PyMem_Free(in_word);
    PyMem_Free(first);
    PyMem_Free(last);
    text_close(&text);
    return made;
}

static uint8_t shape_of(const Text *text, Py_ssize_t start, Py_ssize_t end)
{
    uint64_t counts = 0;
    for (Py_ssize_t at = start; at < end; at++) {
        const unsigned kind = kind_at(text, at);
        counts += ((kind & UPPER) != 0) | (uint64_t)((kind & LOWER) != 0) << 16 |
                  (uint64_t)((kind & DIGIT) != 0) << 32 | (uint64_t)((kind & LETTER) != 0) << 48;
    }
    const int64_t upper = counts & 0xFFFF, lower = counts >> 16 & 0xFFFF, digits = counts >> 32 & 0xFFFF,
                  letters = counts >> 48;
    if (upper && letters > 1 && end - start >= 2 * letters - 1 && code_at(text, start + 1) == '.')
        return DOTTED;
    if (digits)
        return upper ? CODE : lower ? ORDINAL : NUMBER;
    if (upper == 1 && letters == 1)
        return INITIAL;
    if (upper > 1 && !lower)
        return CAPITALS;
    if (upper && lower)
        return upper == 1 && (kind_at(text, start) & UPPER) ? CAPITALISED : MIXED;
    return lower ? SMALL : letters ? UNCASED : SIGN;
}

static PyObject *token_shapes(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *codes, *kinds, *starts_given, *ends_given, *made = NULL;
    Text text = {0};
    Array starts = {0}, ends = {0};
    Py_buffer view;
    if (!PyArg_ParseTuple(arguments, "OOOO", &codes, &kinds, &starts_given, &ends_given))
        return NULL;
    if (text_open(&text, codes, kinds) < 0 || array_open_i8(&starts, starts_given, "starts") < 0 ||
        array_open_i8(&ends, ends_given, "ends") < 0)
        goto end;
    if (starts.count != ends.count) {
        PyErr_SetString(PyExc_ValueError, "each token has a start and an end");
        goto end;
    }
    for (Py_ssize_t token = 0; token < starts.count; token++)
        if (i8_at(&starts, token) < 0 || i8_at(&starts, token) >= i8_at(&ends, token) ||
            i8_at(&ends, token) > text.codes.count) {
            out_of_place("a token");
            goto end;
        }
    if ((made = array_new("u1", starts.count, &view))) {
        for (Py_ssize_t token = 0; token < starts.count; token++)
            ((uint8_t *)view.buf)[token] =
                shape_of(&text, (Py_ssize_t)i8_at(&starts, token), (Py_ssize_t)i8_at(&ends, token));
        PyBuffer_Release(&view);
    }
end:
    text_close(&text);
    array_close(&starts);
    array_close(&ends);
    return made;
}

static PyObject *hash_sums(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *codes_given, *values_given, *made = NULL;
    unsigned long long base;
    Array codes = {0}, values = {0};
    Py_buffer view;
    if (!PyArg_ParseTuple(arguments, "OOK", &codes_given, &values_given, &base))
        return NULL;
    if (array_open(&codes, codes_given, "u", "codes") < 0 || array_open(&values, values_given, "u", "values") < 0)
        goto end;
    if (codes.width != 4 || values.width != 8 || !values.count) {
        PyErr_SetString(PyExc_TypeError, "codes are of 4 bytes, and values of 8");
        goto end;
    }
    if ((made = array_new("u8", codes.count + 1, &view))) {
        uint64_t *const sums = view.buf;
        uint64_t sum = 0, power = 1;
        sums[0] = 0;
        for (Py_ssize_t at = 0; at < codes.count; at++, power *= base) {
            const int64_t code = integer_at(&codes, at);
            sum += (uint64_t)i8_at(&values, code < values.count ? (Py_ssize_t)code : values.count - 1) * power;
            sums[at + 1] = sum;
        }
        PyBuffer_Release(&view);
    }
end:
    array_close(&codes);
    array_close(&values);
    return made;
}

PyMethodDef WORDS_METHODS[] = {
    {"token_bounds", token_bounds, METH_VARARGS, NULL},
    {"token_shapes", token_shapes, METH_VARARGS, NULL},
    {"hash_sums", hash_sums, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
