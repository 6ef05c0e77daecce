/* The best of the articles that match, with what is added to scores where words stand together or as typed. */

#include "native.h"

#include <stdlib.h>

/* Where the stem of one word stands in one field. */
typedef struct {
    Array docs, tf, sums;
    Numbers positions, forms;
    int here, has_tf, has_positions, has_forms, has_sums;
    int64_t form;
    /* How far the articles have been gone through, and how many occurrences come before that place. */
    Py_ssize_t at;
    int64_t before;
    /* Of the article that is looked at. */
    int64_t start, occurrences;
} Stem;

typedef struct {
    int64_t first, second;
    double phrase;
} Pair;

typedef struct {
    Py_ssize_t fields, words, pairs;
    Stem *stems;
    Pair *pair;
    char *paired, *typed, *phrases, *nearby;
    double form, near;
    int64_t within;
} Wanted;

#define BLOCK 32

static void stem_close(Stem *stem)
{
    array_close(&stem->docs);
    array_close(&stem->tf);
    numbers_close(&stem->positions);
    numbers_close(&stem->forms);
    array_close(&stem->sums);
}

static int stem_open(Stem *stem, PyObject *given)
{
    PyObject *docs, *tf, *positions, *forms, *sums;
    long long form;
    if (given == Py_None)
        return 0;
    if (!PyTuple_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "where a stem stands is told by a tuple or None");
        return -1;
    }
    if (!PyArg_ParseTuple(given, "OOOOLO", &docs, &tf, &positions, &forms, &form, &sums) ||
        array_open_i8(&stem->docs, docs, "docs") < 0)
        return -1;
    stem->has_positions = positions != Py_None;
    if (stem->has_positions && numbers_open(&stem->positions, positions, "positions") < 0)
        return -1;
    stem->has_tf = tf != Py_None;
    if (stem->has_tf && array_open(&stem->tf, tf, "u", "frequencies") < 0)
        return -1;
    stem->has_forms = forms != Py_None;
    if (stem->has_forms && numbers_open(&stem->forms, forms, "forms") < 0)
        return -1;
    stem->has_sums = sums != Py_None;
    if (stem->has_sums && array_open(&stem->sums, sums, "u", "sums") < 0)
        return -1;
    if (stem->has_tf && stem->tf.count != stem->docs.count)
        return out_of_place("a posting");
    if (stem->tf.width > 4 || stem->positions.array.width > 4 || stem->forms.array.width > 4 || stem->sums.width > 4) {
        PyErr_SetString(PyExc_TypeError, "numbers of a posting list have four bytes at most");
        return -1;
    }
    stem->form = form;
    stem->here = 1;
    return 0;
}

static void wanted_close(Wanted *wanted)
{
    if (wanted->stems)
        for (Py_ssize_t number = 0; number < wanted->fields * wanted->words; number++)
            stem_close(&wanted->stems[number]);
    PyMem_Free(wanted->stems);
    PyMem_Free(wanted->pair);
    PyMem_Free(wanted->paired);
}

/* (fields, pairs, form, near, within) as `contract.Nearness` has them. */
static int wanted_open(Wanted *wanted, PyObject *given)
{
    PyObject *fields, *pairs;
    long long within;
    memset(wanted, 0, sizeof *wanted);
    if (!PyTuple_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "what is added is told by a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(given, "O!O!ddL", &PyTuple_Type, &fields, &PyTuple_Type, &pairs, &wanted->form,
                          &wanted->near, &within))
        return -1;
    wanted->within = within;
    const Py_ssize_t count = PyTuple_Size(fields);
    for (Py_ssize_t field = 0; field < count; field++) {
        PyObject *words = PyTuple_GetItem(fields, field);
        if (!PyTuple_Check(words) || (field && PyTuple_Size(words) != wanted->words)) {
            PyErr_SetString(PyExc_TypeError, "each field has the same words");
            return -1;
        }
        wanted->words = PyTuple_Size(words);
    }
    wanted->stems = memory_for(count * wanted->words, sizeof *wanted->stems);
    if (!wanted->stems)
        return -1;
    memset(wanted->stems, 0, (size_t)(count * wanted->words) * sizeof *wanted->stems);
    wanted->fields = count;
    for (Py_ssize_t field = 0; field < count; field++)
        for (Py_ssize_t word = 0; word < wanted->words; word++)
            if (stem_open(&wanted->stems[field * wanted->words + word],
                          PyTuple_GetItem(PyTuple_GetItem(fields, field), word)) < 0)
                return -1;
    wanted->pairs = PyTuple_Size(pairs);
    wanted->pair = memory_for(wanted->pairs, sizeof *wanted->pair);
    wanted->paired = memory_for(2 * (wanted->words + wanted->pairs), 1);
    if (!wanted->pair || !wanted->paired)
        return -1;
    wanted->typed = wanted->paired + wanted->words;
    wanted->phrases = wanted->typed + wanted->words;
    wanted->nearby = wanted->phrases + wanted->pairs;
    memset(wanted->paired, 0, (size_t)wanted->words);
    for (Py_ssize_t number = 0; number < wanted->pairs; number++) {
        long long first, second;
        PyObject *pair = PyTuple_GetItem(pairs, number);
        if (!PyTuple_Check(pair)) {
            PyErr_SetString(PyExc_TypeError, "a pair is a tuple");
            return -1;
        }
        if (!PyArg_ParseTuple(pair, "LLd", &first, &second, &wanted->pair[number].phrase))
            return -1;
        if (first < 0 || second < 0 || first >= wanted->words || second >= wanted->words)
            return out_of_place("a pair");
        wanted->pair[number].first = first;
        wanted->pair[number].second = second;
        wanted->paired[first] = wanted->paired[second] = 1;
    }
    for (Py_ssize_t number = 0; number < wanted->fields * wanted->words; number++) {
        const Stem *stem = &wanted->stems[number];
        if (stem->here && !stem->has_positions && wanted->paired[number % wanted->words]) {
            PyErr_SetString(PyExc_TypeError, "a word of a pair needs positions");
            return -1;
        }
    }
    return 0;
}

/* Goes on to an article: 1 where the stem stands in it, 0 where not, -1 with an exception. */
static int go_to(Stem *stem, int64_t doc)
{
    const Py_ssize_t place = place_from(&stem->docs, stem->at, doc);
    if (place == stem->docs.count || i8_at(&stem->docs, place) != doc)
        return 0;
    if (!stem->has_tf) {
        stem->start = place;
        stem->occurrences = 1;
    } else {
        if (stem->has_sums && place - stem->at > BLOCK) {
            const Py_ssize_t block = place / BLOCK;
            if (block > stem->sums.count)
                return out_of_place("a block of postings");
            stem->at = block * BLOCK;
            stem->before = block ? integer_at(&stem->sums, block - 1) : 0;
        }
        while (stem->at < place)
            stem->before += integer_at(&stem->tf, stem->at++);
        stem->start = stem->before;
        stem->occurrences = integer_at(&stem->tf, place);
    }
    stem->at = place;
    const int64_t end = stem->start + stem->occurrences;
    if (stem->start < 0 || stem->occurrences < 0 || (stem->has_positions && end > stem->positions.count) ||
        (stem->has_forms && end > stem->forms.count))
        return out_of_place("an occurrence");
    return 1;
}

static int is_typed(const Stem *stem)
{
    if (stem->form < 0)
        return 0;
    /* Where no numbers are kept all occurrences have the first form. */
    if (!stem->has_forms)
        return stem->form == 0;
    for (int64_t place = stem->start; place < stem->start + stem->occurrences; place++)
        if (number_at(&stem->forms, place) == stem->form)
            return 1;
    return 0;
}

static void look_together(const Stem *first, const Stem *second, int64_t within, char *phrase, char *nearby)
{
    int64_t below = second->start, above = second->start;
    const int64_t end = second->start + second->occurrences;
    for (int64_t place = first->start; place < first->start + first->occurrences; place++) {
        const int64_t position = number_at(&first->positions, place);
        while (below < end && number_at(&second->positions, below) < position)
            below++;
        if (above < below)
            above = below;
        while (above < end && number_at(&second->positions, above) <= position)
            above++;
        if (below > second->start && position - number_at(&second->positions, below - 1) <= within)
            *nearby = 1;
        if (above < end) {
            const int64_t after = number_at(&second->positions, above) - position;
            if (after <= within)
                *nearby = 1;
            if (after == 1) {
                *phrase = 1;
                if (*nearby)
                    return;
            }
        }
    }
}

/* What is added for one article; below 0 with an exception. Articles have to come ascending after `rewind`. */
static double added_to(Wanted *wanted, int64_t doc)
{
    memset(wanted->typed, 0, (size_t)(wanted->words + 2 * wanted->pairs));
    for (Py_ssize_t field = 0; field < wanted->fields; field++) {
        Stem *stems = wanted->stems + field * wanted->words;
        for (Py_ssize_t word = 0; word < wanted->words; word++) {
            Stem *stem = &stems[word];
            stem->occurrences = 0;
            if (!stem->here || (wanted->typed[word] && !wanted->paired[word]))
                continue;
            const int found = go_to(stem, doc);
            if (found < 0)
                return -1;
            if (found && !wanted->typed[word])
                wanted->typed[word] = (char)is_typed(stem);
        }
        for (Py_ssize_t number = 0; number < wanted->pairs; number++) {
            const Stem *first = &stems[wanted->pair[number].first], *second = &stems[wanted->pair[number].second];
            if (first->occurrences && second->occurrences && !(wanted->phrases[number] && wanted->nearby[number]))
                look_together(first, second, wanted->within, &wanted->phrases[number], &wanted->nearby[number]);
        }
    }
    double sum = 0;
    for (Py_ssize_t word = 0; word < wanted->words; word++)
        sum += wanted->typed[word] ? wanted->form : 0;
    for (Py_ssize_t number = 0; number < wanted->pairs; number++) {
        sum += wanted->phrases[number] ? wanted->pair[number].phrase : 0;
        sum += wanted->nearby[number] ? wanted->near : 0;
    }
    return sum;
}

static void rewind_to_start(Wanted *wanted)
{
    for (Py_ssize_t number = 0; number < wanted->fields * wanted->words; number++) {
        wanted->stems[number].at = 0;
        wanted->stems[number].before = 0;
    }
}

static PyObject *added(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *given_docs, *given_wanted, *made = NULL;
    Array docs = {0};
    Wanted wanted = {0};
    if (!PyArg_ParseTuple(arguments, "OO", &given_docs, &given_wanted))
        return NULL;
    if (array_open_i8(&docs, given_docs, "docs") < 0 || wanted_open(&wanted, given_wanted) < 0)
        goto end;
    Py_buffer view;
    made = array_new("f8", docs.count, &view);
    if (!made)
        goto end;
    double *sums = view.buf;
    int failed = 0;
    for (Py_ssize_t place = 0; place < docs.count && !failed; place++)
        failed = (sums[place] = added_to(&wanted, i8_at(&docs, place))) < 0;
    PyBuffer_Release(&view);
    if (failed)
        Py_CLEAR(made);
end:
    wanted_close(&wanted);
    array_close(&docs);
    return made;
}

/* An article with its score, and its rank among those of the same score. */
typedef struct {
    double score;
    int64_t rank, doc;
} Ranked;

static int comes_before(const void *one, const void *other)
{
    const Ranked *a = one, *b = other;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* Puts the last of `count` into its place in a heap with the one at the top that comes last. */
static void sift_up(Ranked *heap, Py_ssize_t count)
{
    Py_ssize_t place = count - 1;
    const Ranked moved = heap[place];
    while (place && comes_before(&heap[(place - 1) / 2], &moved) < 0) {
        heap[place] = heap[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    heap[place] = moved;
}

static void sift_down(Ranked *heap, Py_ssize_t count)
{
    Py_ssize_t place = 0;
    const Ranked moved = heap[0];
    for (;;) {
        Py_ssize_t child = 2 * place + 1;
        if (child >= count)
            break;
        if (child + 1 < count && comes_before(&heap[child], &heap[child + 1]) < 0)
            child++;
        if (comes_before(&moved, &heap[child]) >= 0)
            break;
        heap[place] = heap[child];
        place = child;
    }
    heap[place] = moved;
}

static inline void offer(Ranked *heap, Py_ssize_t *held, Py_ssize_t count, const Ranked *one)
{
    if (*held < count) {
        heap[(*held)++] = *one;
        sift_up(heap, *held);
    } else if (comes_before(one, &heap[0]) < 0) {
        heap[0] = *one;
        sift_down(heap, count);
    }
}

/* (docs, scores) of some articles in their order. */
static PyObject *in_order(Ranked *ranked, Py_ssize_t count)
{
    qsort(ranked, (size_t)count, sizeof *ranked, comes_before);
    PyObject *docs, *scores, *both = NULL;
    Py_buffer view;
    docs = array_new("i8", count, &view);
    if (!docs)
        return NULL;
    for (Py_ssize_t place = 0; place < count; place++)
        ((int64_t *)view.buf)[place] = ranked[place].doc;
    PyBuffer_Release(&view);
    scores = array_new("f8", count, &view);
    if (scores) {
        for (Py_ssize_t place = 0; place < count; place++)
            ((double *)view.buf)[place] = ranked[place].score;
        PyBuffer_Release(&view);
        both = PyTuple_Pack(2, docs, scores);
    }
    Py_DECREF(docs);
    Py_XDECREF(scores);
    return both;
}

/* The `wanted`th highest of `count` values, from 1; they are put into another order. */
static double nth_highest(double *values, Py_ssize_t count, Py_ssize_t wanted)
{
    Py_ssize_t low = 0, high = count - 1;
    const Py_ssize_t target = wanted - 1;
    while (low < high) {
        const double pivot = values[low + (high - low) / 2];
        Py_ssize_t left = low, right = high;
        while (left <= right) {
            while (values[left] > pivot)
                left++;
            while (values[right] < pivot)
                right--;
            if (left <= right) {
                const double other = values[left];
                values[left++] = values[right];
                values[right--] = other;
            }
        }
        if (target <= right)
            high = right;
        else if (target >= left)
            low = left;
        else
            break;
    }
    return values[target];
}

/* What `best` works with. */
typedef struct {
    const Array *docs, *scores, *ranks;
    Py_ssize_t count;
    double most;
    Wanted *wanted;
    /* Places that may be among the best, ascending; then sums of those that were looked at. */
    Py_ssize_t *left, lefts;
    double *values;
    Ranked *found;
    Py_ssize_t founds;
} Best;

/* What is no number, which only a damaged file can lead to, comes last: an order is needed. */
static inline double score_at(const Best *best, Py_ssize_t place)
{
    const double score = best->scores ? real_at(best->scores, place) : 0;
    return score == score ? score : -INFINITY;
}

static int rank_of(const Best *best, int64_t doc, int64_t *rank)
{
    if (doc < 0 || doc >= best->ranks->count)
        return out_of_place("an article");
    *rank = integer_at(best->ranks, (Py_ssize_t)doc);
    return 0;
}

static int look_at(Best *best, Py_ssize_t place)
{
    Ranked *one = &best->found[best->founds];
    one->doc = i8_at(best->docs, place);
    const double more = best->most > 0 ? added_to(best->wanted, one->doc) : 0;
    if (more < 0 || rank_of(best, one->doc, &one->rank) < 0)
        return -1;
    one->score = score_at(best, place) + more;
    best->founds++;
    return 0;
}

/* Leaves the places whose scores may become as high as those of the best. */
static void leave_those_from(Best *best, double border)
{
    Py_ssize_t kept = 0;
    for (Py_ssize_t number = 0; number < best->lefts; number++)
        if (score_at(best, best->left[number]) >= border - best->most)
            best->left[kept++] = best->left[number];
    best->lefts = kept;
}

/* Goes on to the next place with a score from `border` on; of single scores, as nearly all are, several at once. */
static Py_ssize_t next_from(const Best *best, Py_ssize_t place, double border)
{
    const Py_ssize_t all = best->docs->count;
    if (best->scores && best->scores->width == 4) {
        const char *scores = best->scores->data;
        for (; place + 8 <= all; place += 8) {
            int any = 0;
            /* What is no number is not below it either, and so it is looked at. */
            for (int more = 0; more < 8; more++) {
                float score;
                memcpy(&score, scores + 4 * (place + more), 4);
                any |= !((double)score < border);
            }
            if (any)
                break;
        }
    }
    while (place < all && score_at(best, place) < border)
        place++;
    return place;
}

/* Finds the places whose scores may become as high as those of the best; `heap` has room for these. */
static int find_places(Best *best, Ranked *heap)
{
    const Py_ssize_t all = best->docs->count;
    Py_ssize_t held = 0;
    Ranked one = {0};
    for (Py_ssize_t place = 0; place < all; place++) {
        if (held == best->count) {
            place = next_from(best, place, heap[0].score);
            if (place == all)
                break;
        }
        one.score = score_at(best, place);
        if (held < best->count || one.score > heap[0].score)
            offer(heap, &held, best->count, &one);
    }
    const double border = heap[0].score - best->most;
    Py_ssize_t count = 0;
    for (Py_ssize_t place = next_from(best, 0, border); place < all; place = next_from(best, place + 1, border))
        count++;
    best->left = memory_for(count, sizeof *best->left);
    best->values = memory_for(count, sizeof *best->values);
    best->found = memory_for(count, sizeof *best->found);
    if (!best->left || !best->values || !best->found)
        return -1;
    for (Py_ssize_t place = next_from(best, 0, border); place < all; place = next_from(best, place + 1, border))
        best->left[best->lefts++] = place;
    return 0;
}

/* The sums of all articles that can be among the best, those with high scores first: they tell which others cannot. */
static int look_at_best(Best *best)
{
    Py_ssize_t many = best->count > 32 ? 2 * best->count : 64;
    while (best->lefts) {
        const int last = best->lefts <= 2 * many;
        double border = -INFINITY;
        Py_ssize_t equal = 0;
        if (!last) {
            for (Py_ssize_t number = 0; number < best->lefts; number++)
                best->values[number] = score_at(best, best->left[number]);
            border = nth_highest(best->values, best->lefts, many);
            equal = many;
            for (Py_ssize_t number = 0; number < best->lefts; number++)
                equal -= score_at(best, best->left[number]) > border;
        }
        rewind_to_start(best->wanted);
        Py_ssize_t kept = 0;
        for (Py_ssize_t number = 0; number < best->lefts; number++) {
            const Py_ssize_t place = best->left[number];
            const double score = score_at(best, place);
            if (last || score > border || (score == border && equal-- > 0)) {
                if (look_at(best, place) < 0)
                    return -1;
            } else {
                best->left[kept++] = place;
            }
        }
        best->lefts = kept;
        if (best->founds >= best->count) {
            for (Py_ssize_t number = 0; number < best->founds; number++)
                best->values[number] = best->found[number].score;
            leave_those_from(best, nth_highest(best->values, best->founds, best->count));
        }
        many *= 4;
    }
    return 0;
}

static PyObject *best_of(Best *best)
{
    PyObject *made = NULL;
    const Py_ssize_t all = best->docs->count;
    Ranked *heap = memory_for(best->count, sizeof *heap);
    Py_ssize_t held = 0;
    if (!heap)
        return NULL;
    if (best->most > 0) {
        if (find_places(best, heap) < 0 || look_at_best(best) < 0)
            goto end;
        for (Py_ssize_t number = 0; number < best->founds; number++)
            offer(heap, &held, best->count, &best->found[number]);
    } else {
        Ranked one;
        for (Py_ssize_t place = 0; place < all; place++) {
            one.score = score_at(best, place);
            if (held == best->count && one.score < heap[0].score)
                continue;
            one.doc = i8_at(best->docs, place);
            if (rank_of(best, one.doc, &one.rank) < 0)
                goto end;
            offer(heap, &held, best->count, &one);
        }
    }
    made = in_order(heap, held);
end:
    PyMem_Free(best->left);
    PyMem_Free(best->values);
    PyMem_Free(best->found);
    PyMem_Free(heap);
    return made;
}

static PyObject *best(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *given_docs, *given_scores, *given_ranks, *given_wanted, *made = NULL;
    Array docs = {0}, scores = {0}, ranks = {0};
    Wanted wanted = {0};
    Best asked = {.docs = &docs, .ranks = &ranks, .wanted = &wanted};
    if (!PyArg_ParseTuple(arguments, "OOOndO", &given_docs, &given_scores, &given_ranks, &asked.count, &asked.most,
                          &given_wanted))
        return NULL;
    if (array_open_i8(&docs, given_docs, "docs") < 0 || array_open(&ranks, given_ranks, "iu", "ranks") < 0)
        goto end;
    if (given_scores != Py_None) {
        if (array_open(&scores, given_scores, "f", "scores") < 0)
            goto end;
        if (scores.count != docs.count) {
            out_of_place("a score");
            goto end;
        }
        asked.scores = &scores;
    }
    if (asked.most > 0) {
        if (given_scores == Py_None) {
            PyErr_SetString(PyExc_TypeError, "what is added is added to scores");
            goto end;
        }
        if (wanted_open(&wanted, given_wanted) < 0)
            goto end;
    }
    if (asked.count > docs.count)
        asked.count = docs.count;
    made = asked.count > 0 ? best_of(&asked) : in_order(&(Ranked){0}, 0);
end:
    wanted_close(&wanted);
    array_close(&docs);
    array_close(&scores);
    array_close(&ranks);
    return made;
}

PyMethodDef RANKING_METHODS[] = {
    {"added", added, METH_VARARGS, NULL},
    {"best", best, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
