// NumPy's arrays as memory of a known type and shape, or a refusal in one sentence.
//
// Arrays are never converted: one that does not fit is refused. In words for people that has been done before, by
// engine/contract.py; here is what memory safety asks once more: dtype, shape, C order, alignment, writeable or not.
#pragma once

#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#define PY_ARRAY_UNIQUE_SYMBOL fitnet_numpy  // one table of NumPy's functions for all files; module.cpp fills it
#ifndef FITNET_IMPORTS_NUMPY
#define NO_IMPORT_ARRAY
#endif
#include <numpy/arrayobject.h>

#include <nanobind/nanobind.h>

#include <cstdint>
#include <initializer_list>
#include <string>

#include "fitnet.hpp"

namespace fitnet::bindings {

namespace nb = nanobind;

template <class T>
inline constexpr int NUMPY_TYPE = NPY_NOTYPE;
template <>
inline constexpr int NUMPY_TYPE<float> = NPY_FLOAT;
template <>
inline constexpr int NUMPY_TYPE<double> = NPY_DOUBLE;
template <>
inline constexpr int NUMPY_TYPE<int64_t> = NPY_INT64;
template <>
inline constexpr int NUMPY_TYPE<uint64_t> = NPY_UINT64;

template <class T>
PyArrayObject* checked_array(nb::handle object, const char* name, std::initializer_list<int64_t> shape) {
    const std::string argument = std::string("`") + name + "` ";
    if (!PyArray_Check(object.ptr())) throw nb::type_error((argument + "must be a NumPy array.").c_str());
    auto* array = reinterpret_cast<PyArrayObject*>(object.ptr());
    if (!PyArray_EquivTypenums(PyArray_TYPE(array), NUMPY_TYPE<T>))
        throw nb::type_error((argument + "has a dtype that does not fit the parameters.").c_str());
    bool fits = PyArray_NDIM(array) == int(shape.size());
    for (int axis = 0; fits && axis < int(shape.size()); axis++) fits = PyArray_DIM(array, axis) == shape.begin()[axis];
    if (!fits) throw nb::value_error((argument + "has a shape that does not fit the network and the rows.").c_str());
    if (!PyArray_ISCARRAY_RO(array))
        throw nb::value_error((argument + "must be C-contiguous, aligned and in native byte order.").c_str());
    return array;
}

template <class T>
const T* readable(nb::handle object, const char* name, std::initializer_list<int64_t> shape) {
    return static_cast<const T*>(PyArray_DATA(checked_array<T>(object, name, shape)));
}

template <class T>
T* writeable(nb::handle object, const char* name, std::initializer_list<int64_t> shape) {
    PyArrayObject* array = checked_array<T>(object, name, shape);
    if (!PyArray_ISWRITEABLE(array)) throw nb::value_error((std::string("`") + name + "` is read-only.").c_str());
    return static_cast<T*>(PyArray_DATA(array));
}

template <class T>
nb::object new_array(std::initializer_list<int64_t> shape) {
    npy_intp sizes[4] = {};
    for (size_t axis = 0; axis < shape.size(); axis++) sizes[axis] = shape.begin()[axis];
    PyObject* array = PyArray_SimpleNew(int(shape.size()), sizes, NUMPY_TYPE<T>);
    if (array == nullptr) throw nb::python_error();
    return nb::steal(array);
}

template <class T>
T* memory(const nb::object& array) {
    return static_cast<T*>(PyArray_DATA(reinterpret_cast<PyArrayObject*>(array.ptr())));
}

// The first dimension, 0 where there is none: `checked_array` then says what is wrong.
inline int64_t length(nb::handle object) {
    if (!PyArray_Check(object.ptr())) return 0;
    auto* array = reinterpret_cast<PyArrayObject*>(object.ptr());
    return PyArray_NDIM(array) == 0 ? 0 : PyArray_DIM(array, 0);
}

// Calls `compute` with a value of the parameters' type.
template <class Compute>
auto for_dtype_of(nb::handle parameters, const Compute& compute) {
    const bool is_array = PyArray_Check(parameters.ptr());
    const int type = is_array ? PyArray_TYPE(reinterpret_cast<PyArrayObject*>(parameters.ptr())) : NPY_NOTYPE;
    if (type == NPY_FLOAT) return compute(float());
    if (type == NPY_DOUBLE) return compute(double());
    throw nb::type_error("`parameters` must be a NumPy array of float32 or float64.");
}

inline Threads threads_from(int n_threads) {
    if (n_threads < 1) throw nb::value_error("`n_threads` must be at least 1.");
    return Threads{n_threads};
}

}  // namespace fitnet::bindings
