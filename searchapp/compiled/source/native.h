/* What the parts of the compiled helper share. Its functions are those of `contract.py`.

   Nothing that stands in an array is trusted: every number that says where to look is compared with the length of what
   is looked into, and an error is raised where it does not fit. */

#ifndef SEARCHAPP_NATIVE_H
#define SEARCHAPP_NATIVE_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

/* An array that was given: one dimension, without gaps. */
typedef struct {
    Py_buffer view;
    const char *data;
    Py_ssize_t count;
    int width;
    /* 'u' for unsigned integers and bools, 'i' for signed ones, 'f' for real numbers */
    char kind;
} Array;

/* Opens an array of one of the `kinds`, such as "u" or "iu"; 0, or -1 with an exception. What is not open has no view,
   so an `Array` of zeros can be closed. */
int array_open(Array *array, PyObject *object, const char *kinds, const char *name);
/* The same for whole numbers of 64 bits with a sign, and for real numbers of 64 bits. */
int array_open_i8(Array *array, PyObject *object, const char *name);
int array_open_f8(Array *array, PyObject *object, const char *name);
void array_close(Array *array);

/* Whole numbers as they are, or packed: see `contract.Numbers`. */
typedef struct {
    /* The numbers, or of packed ones half bytes. */
    Array array;
    Array low;
    int is_packed, has_low;
    Py_ssize_t first, count;
} Numbers;

/* Opens what may be either; 0, or -1 with an exception. It is closed in both cases. */
int numbers_open(Numbers *numbers, PyObject *object, const char *name);
int numbers_open_packed(Numbers *numbers, PyObject *low, PyObject *halves, long long first, long long count,
                        const char *name);
void numbers_close(Numbers *numbers);

/* A new numpy array of a type such as "i8", "f4" or "u2" with a copy of these values. */
PyObject *array_made(const char *type, const void *values, Py_ssize_t count);

/* The same without values, which are to be put into the memory of `view`; that is released by the caller. */
PyObject *array_new(const char *type, Py_ssize_t count, Py_buffer *view);

/* Memory for `count` values of `size` bytes, never of none at all; NULL with an exception where there is none. */
void *memory_for(Py_ssize_t count, size_t size);

/* Raises IndexError about a number that does not fit; gives -1. */
int out_of_place(const char *what);

/* Has the processor fetch what will be read soon. */
#if defined(__GNUC__) || defined(__clang__)
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address) ((void)(address))
#endif

static inline int64_t integer_at(const Array *array, Py_ssize_t place)
{
    const char *at = array->data + place * array->width;
    switch (array->width) {
    case 1:
        return array->kind == 'i' ? (int64_t)(int8_t)*at : (int64_t)(uint8_t)*at;
    case 2: {
        uint16_t value;
        memcpy(&value, at, 2);
        return array->kind == 'i' ? (int64_t)(int16_t)value : (int64_t)value;
    }
    case 4: {
        uint32_t value;
        memcpy(&value, at, 4);
        return array->kind == 'i' ? (int64_t)(int32_t)value : (int64_t)value;
    }
    default: {
        int64_t value;
        memcpy(&value, at, 8);
        return value;
    }
    }
}

static inline int64_t i8_at(const Array *array, Py_ssize_t place)
{
    int64_t value;
    memcpy(&value, array->data + place * 8, 8);
    return value;
}

static inline int64_t number_at(const Numbers *numbers, Py_ssize_t place)
{
    if (!numbers->is_packed)
        return integer_at(&numbers->array, place);
    const Py_ssize_t half = place + numbers->first;
    const int64_t high = (uint8_t)numbers->array.data[half >> 1] >> ((half & 1) << 2) & 15;
    return numbers->has_low ? (uint8_t)numbers->low.data[place] | high << 8 : high;
}

static inline double real_at(const Array *array, Py_ssize_t place)
{
    if (array->width == 4) {
        float value;
        memcpy(&value, array->data + place * 4, 4);
        return value;
    }
    double value;
    memcpy(&value, array->data + place * 8, 8);
    return value;
}

/* The first place from `from` on in an ascending array whose number is not below `wanted`: looked for in growing steps,
   so that numbers which are near are found soon. */
static inline Py_ssize_t place_from(const Array *array, Py_ssize_t from, int64_t wanted)
{
    Py_ssize_t low = from, step = 1;
    while (low + step <= array->count && i8_at(array, low + step - 1) < wanted) {
        low += step;
        step <<= 1;
    }
    Py_ssize_t high = low + step - 1 < array->count ? low + step - 1 : array->count;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (i8_at(array, middle) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

extern PyMethodDef POSTINGS_METHODS[];
extern PyMethodDef RANKING_METHODS[];
extern PyMethodDef PASSAGES_METHODS[];
extern PyMethodDef RECORDS_METHODS[];
extern PyMethodDef COUNTING_METHODS[];
extern PyMethodDef TAGGING_METHODS[];
extern PyMethodDef WORDS_METHODS[];

#endif
