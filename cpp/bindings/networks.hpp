// A network and its rows as arguments of a call from Python.
#pragma once

#include "bindings/arrays.hpp"
#include "fitnet.hpp"

NB_MAKE_OPAQUE(fitnet::Layers)  // a class of its own in Python, not a list that is taken apart at every call

namespace fitnet::bindings {

int64_t count_parameters(const Layers& layers);

template <class T>
Rows<T> rows_from(int64_t row_size, const Layers& layers, nb::handle X, nb::handle Y, nb::handle weights) {
    const int64_t n = length(X);
    Rows<T> rows{readable<T>(X, "X", {n, row_size}), readable<T>(Y, "Y", {n, layers.back().outputs}),
                 weights.is_none() ? nullptr : readable<T>(weights, "weights", {n}), n};
    if (n == 0) throw nb::value_error("`X` has no rows.");
    return rows;
}
template <class T>
Rows<T> rows_from(const Layers& layers, nb::handle X, nb::handle Y, nb::handle weights) {
    return rows_from<T>(layers.front().inputs, layers, X, Y, weights);
}

}  // namespace fitnet::bindings
