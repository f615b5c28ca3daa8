// Columns scaled in float64 and scaled back, bit for bit as algorithm/scaling.py does it in NumPy.
//
// NumPy rounds every product before it adds. So scaling.cpp alone is compiled with -ffp-contract=off, and once for all
// instruction sets: nothing there is fused, and there is nothing in which they could differ.
#pragma once

#include <vector>

#include "fitnet.hpp"

namespace fitnet {

// Shift and scale of every column, or none. Both are repeated for several rows, so that short rows make long loops.
class Scales {
public:
    Scales(const ColumnScaling& of, int64_t columns);

    bool none() const { return shift_.empty(); }
    int64_t columns() const { return columns_; }
    double scale(int64_t column) const { return none() ? 1.0 : scale_[size_t(column)]; }

    // Rows [first, first + count) of X, (x - shift) / scale in float64 and then rounded to T: where they lie, if
    // nothing is to be done, else in `room` (count, columns). Null where an entry is not finite, or T cannot hold it.
    template <class T>
    const T* apply(const StridedRows& X, int64_t first, int64_t count, T* room) const;

    // values * scale + shift, for values (rows, columns); infinite where float64 cannot hold it.
    template <class T>
    void undo(const T* values, int64_t rows, double* to) const;

private:
    int64_t columns_;
    std::vector<double> shift_;
    std::vector<double> scale_;
};

// What derivatives of scaled outputs with respect to scaled inputs are multiplied by: the output's scale over that of
// each input. Fractions and exponents apart, so that nothing overflows on the way.
class DerivativeScales {
public:
    // `times` is how often each output is derived: 1 for dy/dx, (m, p) to a row, and 2 for d2y/dx2, (m, p, p).
    DerivativeScales(const Scales& inputs, const Scales& targets, int times);

    template <class T>
    void undo(const T* derivatives, int64_t rows, double* to) const;

private:
    int64_t width_;               // of a row
    std::vector<double> factor_;  // quotients of fractions, repeated for several rows
    std::vector<double> power_;   // 2 to the exponents, repeated, too; empty where float64 cannot hold one of them
    std::vector<int> exponent_;
};

}  // namespace fitnet
