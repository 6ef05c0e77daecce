/* The passages of texts that show why they match: `searchapp/engines/snippets.py` for texts of ASCII, whose rules these
   are. What a word is stands in `searchapp/language/words.py`: here letters and figures between other signs are one, and
   whatever could be more than that is looked up in a mapping of the caller's, one stretch without spaces at a time. */

#include "native.h"

#define LONGEST_FORM 64
#define IS_LETTER 1
#define IS_DIGIT 2
#define IS_SPACE 4

static unsigned char kinds[128];

/* A match: characters, end exclusive, and which part of the query. */
typedef struct {
    Py_ssize_t start, end;
    int64_t part;
} Match;

typedef struct {
    Py_ssize_t start, end, first, last;
} Passage;

typedef struct {
    const char *form;
    Py_ssize_t length;
    int64_t part;
} Form;

typedef struct {
    Form *forms;
    int32_t *slots;
    Py_ssize_t count;
    uint32_t mask;
    char begins[128];
} Table;

typedef struct {
    const char *text;
    Py_ssize_t length;
    /* How far words have been looked for. */
    Py_ssize_t at;
    Match *matches;
    Py_ssize_t count, room;
    int64_t *held, parts;
    Py_ssize_t shown, chars, lead;
    PyObject *inside;
} Work;

static void prepare(void)
{
    for (int c = 0; c < 128; c++) {
        kinds[c] = 0;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            kinds[c] |= IS_LETTER;
        if (c >= '0' && c <= '9')
            kinds[c] |= IS_DIGIT;
        /* White space as Python has it. */
        if (c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31))
            kinds[c] |= IS_SPACE;
    }
}

#define IS(c, kind) (kinds[(unsigned char)(c)] & (kind))
#define IS_WORD (IS_LETTER | IS_DIGIT)

static inline char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static uint32_t hash_of(const char *form, Py_ssize_t length)
{
    uint32_t hash = 2166136261u;
    for (Py_ssize_t place = 0; place < length; place++)
        hash = (hash ^ (unsigned char)form[place]) * 16777619u;
    return hash;
}

static void table_free(Table *table)
{
    PyMem_Free(table->forms);
    PyMem_Free(table->slots);
}

/* From a tuple of (form, part): only forms of ASCII, which alone can stand in such a text. */
static int table_made(Table *table, PyObject *given, int64_t *parts)
{
    const Py_ssize_t count = PyTuple_Size(given);
    Py_ssize_t size = 4;
    memset(table, 0, sizeof *table);
    while (size < 2 * count)
        size *= 2;
    table->mask = (uint32_t)size - 1;
    table->forms = memory_for(count, sizeof *table->forms);
    table->slots = memory_for(size, sizeof *table->slots);
    if (!table->forms || !table->slots)
        return -1;
    memset(table->slots, -1, (size_t)size * sizeof *table->slots);
    for (Py_ssize_t number = 0; number < count; number++) {
        PyObject *pair = PyTuple_GetItem(given, number);
        Form *form = &table->forms[table->count];
        long long part;
        if (!PyTuple_Check(pair)) {
            PyErr_SetString(PyExc_TypeError, "a form stands in a tuple with its part");
            return -1;
        }
        if (!PyArg_ParseTuple(pair, "y#L", &form->form, &form->length, &part))
            return -1;
        if (part < 0 || part >= 1 << 20)
            return out_of_place("a part");
        if (part >= *parts)
            *parts = part + 1;
        if (!form->length || (unsigned char)form->form[0] >= 128)
            continue;
        form->part = part;
        table->begins[(int)form->form[0]] = 1;
        uint32_t slot = hash_of(form->form, form->length) & table->mask;
        while (table->slots[slot] >= 0)
            slot = (slot + 1) & table->mask;
        table->slots[slot] = (int32_t)table->count++;
    }
    return 0;
}

/* The part of the query that a word of letters and figures belongs to, -1 for none. */
static int64_t part_of(const Table *table, const char *word, Py_ssize_t length)
{
    char form[LONGEST_FORM + 2];
    if (length > LONGEST_FORM)
        length = LONGEST_FORM;
    if (!table->begins[(int)lower(word[0])])
        return -1;
    for (Py_ssize_t place = 0; place < length; place++)
        form[place] = lower(word[place]);
    for (uint32_t slot = hash_of(form, length) & table->mask; table->slots[slot] >= 0; slot = (slot + 1) & table->mask) {
        const Form *known = &table->forms[table->slots[slot]];
        if (known->length == length && !memcmp(known->form, form, (size_t)length))
            return known->part;
    }
    return -1;
}

static int keep(Work *work, Py_ssize_t start, Py_ssize_t end, int64_t part)
{
    if (work->count == work->room) {
        const Py_ssize_t room = work->room ? 2 * work->room : 64;
        Match *more = PyMem_Realloc(work->matches, (size_t)room * sizeof *more);
        if (!more) {
            PyErr_NoMemory();
            return -1;
        }
        work->matches = more;
        work->room = room;
    }
    work->matches[work->count++] = (Match){start, end, part};
    return 0;
}

/* Where the stretch ends that starts at `at`: at white space, but for the end of a line behind a hyphen. */
static Py_ssize_t stretch_end(const char *text, Py_ssize_t length, Py_ssize_t at)
{
    Py_ssize_t end = at + 1;
    while (end < length && (!IS(text[end], IS_SPACE) || (text[end] == '\n' && text[end - 1] == '-')))
        end++;
    return end;
}

static Py_ssize_t word_end(const char *text, Py_ssize_t end, Py_ssize_t at)
{
    while (at < end && IS(text[at], IS_WORD))
        at++;
    return at;
}

/* Whether a stretch may hold other words than its letters and figures between other signs: several that are joined,
   a figure with letters, or capitals that could be initials. */
static int is_odd(const char *text, Py_ssize_t start, Py_ssize_t end)
{
    for (Py_ssize_t at = start; at < end; at++) {
        if (!IS(text[at], IS_WORD))
            continue;
        const Py_ssize_t stop = word_end(text, end, at);
        Py_ssize_t letters = 0, capitals = 0;
        for (Py_ssize_t place = at; place < stop; place++) {
            letters += IS(text[place], IS_LETTER) != 0;
            capitals += text[place] >= 'A' && text[place] <= 'Z';
        }
        if ((IS(text[at], IS_DIGIT) && letters) || (capitals == stop - at && capitals > 1 && capitals < 5))
            return 1;
        if (stop + 1 < end && strchr("-'`.,", text[stop]) && (IS(text[stop + 1], IS_WORD) || text[stop + 1] == '\n'))
            return 1;
        at = stop;
    }
    return 0;
}

/* Whether a stretch may hold one of the forms: whatever is read as a word, its form has letters and figures of the text
   alone, in their order, but for the first two figures of a decade ('90s). */
static int may_hold(const Table *table, const char *text, Py_ssize_t start, Py_ssize_t end)
{
    for (Py_ssize_t at = start; at + 1 < end; at++)
        if ((text[at] == '\'' || text[at] == '`') && IS(text[at + 1], IS_DIGIT))
            return 1;
    for (Py_ssize_t number = 0; number < table->count; number++) {
        const Form *known = &table->forms[number];
        Py_ssize_t at = start, place = 0;
        while (place < known->length && at < end) {
            if (!IS(known->form[place], IS_WORD))
                place++;
            else if (lower(text[at++]) == known->form[place])
                place++;
        }
        while (place < known->length && !IS(known->form[place], IS_WORD))
            place++;
        if (place == known->length)
            return 1;
    }
    return 0;
}

/* The matches of a stretch as the caller has them: (start, end, part), in order, never overlapping. */
static int keep_those_of(Work *work, Py_ssize_t start, Py_ssize_t end)
{
    PyObject *name = PyUnicode_FromStringAndSize(work->text + start, end - start);
    PyObject *found = name ? PyObject_GetItem(work->inside, name) : NULL;
    int done = -1;
    Py_XDECREF(name);
    if (!found)
        return -1;
    if (!PyTuple_Check(found)) {
        PyErr_SetString(PyExc_TypeError, "the matches of a stretch are a tuple");
        goto end;
    }
    Py_ssize_t after = 0;
    for (Py_ssize_t number = 0; number < PyTuple_Size(found); number++) {
        Py_ssize_t low, high;
        long long part;
        PyObject *match = PyTuple_GetItem(found, number);
        if (!PyTuple_Check(match)) {
            PyErr_SetString(PyExc_TypeError, "a match is a tuple");
            goto end;
        }
        if (!PyArg_ParseTuple(match, "nnL", &low, &high, &part))
            goto end;
        if (low < after || high <= low || high > end - start || part < 0 || part >= work->parts) {
            out_of_place("a match");
            goto end;
        }
        if (keep(work, start + low, start + high, part) < 0)
            goto end;
        after = high;
    }
    done = 0;
end:
    Py_DECREF(found);
    return done;
}

static int find_until(Work *work, const Table *table, Py_ssize_t stop)
{
    const char *text = work->text;
    Py_ssize_t at = work->at;
    while (at < stop) {
        if (IS(text[at], IS_SPACE)) {
            at++;
            continue;
        }
        const Py_ssize_t end = stretch_end(text, work->length, at);
        if (is_odd(text, at, end)) {
            if (may_hold(table, text, at, end) && keep_those_of(work, at, end) < 0)
                return -1;
        } else
            for (Py_ssize_t place = at; place < end; place++) {
                if (!IS(text[place], IS_WORD))
                    continue;
                const Py_ssize_t last = word_end(text, end, place);
                const int64_t part = part_of(table, text + place, last - place);
                if (part >= 0 && keep(work, place, last, part) < 0)
                    return -1;
                place = last;
            }
        at = end;
    }
    work->at = at;
    return 0;
}

static Py_ssize_t first_from(const Work *work, Py_ssize_t start)
{
    Py_ssize_t low = 0, high = work->count;
    while (low < high) {
        const Py_ssize_t middle = low + (high - low) / 2;
        if (work->matches[middle].start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static Passage between(const Work *work, Py_ssize_t start, Py_ssize_t end)
{
    Passage passage = {start, end, 0, 0};
    passage.first = passage.last = first_from(work, start);
    while (passage.last < work->count && work->matches[passage.last].end <= end)
        passage.last++;
    return passage;
}

/* How many different parts some of the matches are of. */
static Py_ssize_t parts_of(Work *work, Py_ssize_t first, Py_ssize_t last)
{
    Py_ssize_t different = 0;
    memset(work->held, 0, (size_t)work->parts * sizeof *work->held);
    for (Py_ssize_t place = first; place < last; place++)
        different += !work->held[work->matches[place].part]++;
    return different;
}

static Py_ssize_t cut_at(const Work *work, Py_ssize_t start, Py_ssize_t chars)
{
    const Py_ssize_t end = start + chars;
    if (end >= work->length)
        return work->length;
    for (Py_ssize_t at = end; at >= start + chars * 2 / 3; at--)
        if (IS(work->text[at], IS_SPACE))
            return at;
    return end;
}

static Passage trimmed(const Work *work, Py_ssize_t start, Py_ssize_t end)
{
    while (start < end && IS(work->text[start], IS_SPACE))
        start++;
    while (end > start && IS(work->text[end - 1], IS_SPACE))
        end--;
    return between(work, start, end);
}

/* The end of the sentence or line with the space behind it that starts at `at`, before `stop`; -1 where none does. */
static Py_ssize_t break_end(const char *text, Py_ssize_t at, Py_ssize_t stop)
{
    const char sign = text[at++];
    if (sign == '\n') {
        while (at < stop && text[at] == '\n')
            at++;
        return at;
    }
    if (sign != '.' && sign != '!' && sign != '?')
        return -1;
    while (at < stop && (text[at] == '"' || text[at] == '\'' || text[at] == ')' || text[at] == ']'))
        at++;
    const Py_ssize_t spaces = at;
    while (at < stop && IS(text[at], IS_SPACE))
        at++;
    return at > spaces ? at : -1;
}

static Passage passage_at(const Work *work, Py_ssize_t place, Py_ssize_t chars)
{
    const char *text = work->text;
    const Py_ssize_t match = work->matches[place].start;
    const Py_ssize_t earliest = match > chars / 3 ? match - chars / 3 : 0;
    Py_ssize_t start = earliest;
    for (Py_ssize_t at = earliest; at < match;) {
        const Py_ssize_t end = break_end(text, at, match);
        if (end < 0) {
            at++;
        } else {
            start = at = end;
        }
    }
    if (start == earliest && earliest > 0) {
        while (start < match && !IS(text[start], IS_SPACE))
            start++;
        while (start < match && IS(text[start], IS_SPACE))
            start++;
    }
    return trimmed(work, start, cut_at(work, start, chars));
}

static Py_ssize_t most_matches(const Work *work, Py_ssize_t reach, Py_ssize_t count)
{
    Py_ssize_t best = 0, most = 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        const Py_ssize_t limit = work->matches[place].start + reach;
        while (place + most < work->count && work->matches[place + most].end <= limit) {
            best = place;
            most++;
        }
    }
    return best;
}

/* With `besides`, a passage: the first of most parts that this does not show, outside of it; -1 where there is none. */
static Py_ssize_t most_parts(Work *work, Py_ssize_t reach, Py_ssize_t count, const Passage *besides)
{
    const Match *matches = work->matches;
    int64_t *held = work->held;
    memset(held, 0, (size_t)work->parts * sizeof *held);
    /* A part that is shown is held once from the start: so it never counts as coming in or going out. */
    if (besides)
        for (Py_ssize_t place = besides->first; place < besides->last; place++)
            held[matches[place].part] = 1;
    Py_ssize_t best = -1, best_parts = 0, most = besides ? work->count : -1, last = 0, parts = 0;
    for (Py_ssize_t place = 0; place < count; place++) {
        const Py_ssize_t start = matches[place].start, limit = start + reach;
        if (last < place)
            last = place;
        while (last < work->count && matches[last].end <= limit)
            parts += !held[matches[last++].part]++;
        const int inside = besides && besides->start <= start && start < besides->end;
        if (parts >= best_parts && (parts > best_parts || last - place > most) && !inside) {
            best = place;
            best_parts = parts;
            most = last - place;
        }
        if (last > place && !--held[matches[place].part])
            parts--;
    }
    return best;
}

static Passage best_passage(Work *work, Py_ssize_t count)
{
    const Py_ssize_t reach = work->chars * 3 / 4;
    const int alike = parts_of(work, 0, work->count) == 1;
    const Py_ssize_t best = alike ? most_matches(work, reach, count) : most_parts(work, reach, count, NULL);
    return passage_at(work, best, work->chars);
}

static int best_passages(Work *work, Passage *found)
{
    if (!work->count) {
        found[0] = trimmed(work, 0, cut_at(work, 0, work->chars));
        return 1;
    }
    const Py_ssize_t all = parts_of(work, 0, work->count);
    found[0] = best_passage(work, work->count);
    if (parts_of(work, found[0].first, found[0].last) == all)
        return 1;
    /* The first passage keeps its length; a second one only adds what the first does not show. */
    const Py_ssize_t chars = work->chars / 2;
    const Py_ssize_t best = most_parts(work, chars * 3 / 4, work->count, &found[0]);
    if (best < 0)
        return 1;
    found[1] = passage_at(work, best, chars);
    if (found[1].start < found[0].start || (found[1].start == found[0].start && found[1].end < found[0].end)) {
        const Passage other = found[0];
        found[0] = found[1];
        found[1] = other;
    }
    if (found[0].end < found[1].start)
        return 2;
    found[0] = between(work, found[0].start, found[0].end > found[1].end ? found[0].end : found[1].end);
    return 1;
}

#define DOTS "\xe2\x80\xa6"

/* (text, ranges) of the passages, with every run of white space as one space. */
static PyObject *joined(const Work *work, const Passage *passages, int count)
{
    Py_ssize_t room = 32, ranges = 0;
    for (int number = 0; number < count; number++) {
        room += passages[number].end - passages[number].start;
        ranges += passages[number].last - passages[number].first;
    }
    char *made = memory_for(room, 1);
    PyObject *list = made ? PyTuple_New(ranges) : NULL, *text = NULL, *both = NULL;
    if (!list)
        goto end;
    /* Three bytes are one character each time that something is left out. */
    Py_ssize_t length = 0, hidden = 0, range = 0;
    for (int number = 0; number < count; number++) {
        const Passage *passage = &passages[number];
        if (number || passage->start > 0) {
            if (number)
                made[length++] = ' ';
            memcpy(made + length, DOTS " ", 4);
            length += 4;
            hidden += 2;
        }
        Py_ssize_t match = passage->first, start = 0;
        for (Py_ssize_t at = passage->start; at < passage->end; at++) {
            const Match *next = match < passage->last ? &work->matches[match] : NULL;
            if (next && at == next->start)
                start = length - hidden;
            const char c = work->text[at];
            if (!IS(c, IS_SPACE))
                made[length++] = c;
            else if (at == passage->start || !IS(work->text[at - 1], IS_SPACE))
                made[length++] = ' ';
            if (next && at + 1 == next->end) {
                PyObject *pair = Py_BuildValue("nn", start, length - hidden);
                if (!pair || PyTuple_SetItem(list, range++, pair) < 0)
                    goto end;
                match++;
            }
        }
    }
    for (Py_ssize_t at = passages[count - 1].end; at < work->length; at++)
        if (!IS(work->text[at], IS_SPACE)) {
            memcpy(made + length, " " DOTS, 4);
            length += 4;
            break;
        }
    text = PyUnicode_FromStringAndSize(made, length);
    if (text)
        both = PyTuple_Pack(2, text, list);
end:
    PyMem_Free(made);
    Py_XDECREF(list);
    Py_XDECREF(text);
    return both;
}

static PyObject *shown_of(Work *work, const Table *table)
{
    Passage found[2];
    Py_ssize_t cut = work->lead + work->chars;
    while (cut < work->length && (!IS(work->text[cut], IS_SPACE) || (cut && work->text[cut - 1] == '-')))
        cut++;
    const int is_cut = cut < work->length;
    if (find_until(work, table, is_cut ? cut : work->length) < 0)
        return NULL;
    if (is_cut) {
        /* What starts in the lead also ends before the cut. */
        const Py_ssize_t leading = first_from(work, work->lead);
        if (leading && parts_of(work, 0, work->count) == work->shown) {
            found[0] = best_passage(work, leading);
            if (parts_of(work, found[0].first, found[0].last) == work->shown)
                return joined(work, found, 1);
        }
        if (find_until(work, table, work->length) < 0)
            return NULL;
    }
    const int count = best_passages(work, found);
    return joined(work, found, count);
}

static PyObject *passages(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *texts, *forms, *found = NULL;
    Table table = {0};
    Work work = {0};
    work.parts = 1;
    if (!PyArg_ParseTuple(arguments, "O!O!Onnn", &PyTuple_Type, &texts, &PyTuple_Type, &forms, &work.inside, &work.shown,
                          &work.lead, &work.chars))
        return NULL;
    if (work.lead < 0 || work.chars < 0) {
        out_of_place("a length");
        return NULL;
    }
    if (!kinds[' '])
        prepare();
    if (table_made(&table, forms, &work.parts) < 0)
        goto end;
    work.held = memory_for(work.parts, sizeof *work.held);
    if (!work.held)
        goto end;
    found = PyTuple_New(PyTuple_Size(texts));
    for (Py_ssize_t number = 0; found && number < PyTuple_Size(texts); number++) {
        PyObject *text = PyTuple_GetItem(texts, number), *shown;
        if (!PyUnicode_Check(text)) {
            PyErr_SetString(PyExc_TypeError, "a text is a str");
            Py_CLEAR(found);
            break;
        }
        work.text = PyUnicode_AsUTF8AndSize(text, &work.length);
        if (!work.text)
            PyErr_Clear();
        if (!work.text || work.length != PyUnicode_GetLength(text)) {
            /* Other letters are left to the caller. */
            shown = Py_None;
            Py_INCREF(shown);
        } else {
            work.at = work.count = 0;
            shown = shown_of(&work, &table);
        }
        if (!shown || PyTuple_SetItem(found, number, shown) < 0)
            Py_CLEAR(found);
    }
end:
    PyMem_Free(work.matches);
    PyMem_Free(work.held);
    table_free(&table);
    return found;
}

PyMethodDef PASSAGES_METHODS[] = {
    {"passages", passages, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
