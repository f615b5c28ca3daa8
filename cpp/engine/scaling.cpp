// Columns scaled and scaled back. Compiled with -ffp-contract=off; scaling.hpp says why.
#include "engine/scaling.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace fitnet {

namespace {

constexpr int64_t PIECE = 128;  // numbers that are read, scaled and written together
constexpr double LARGEST = std::numeric_limits<double>::max();

int64_t rows_a_piece(int64_t width) { return width < PIECE ? PIECE / width : 1; }

// A row's numbers, so often as rows make up a piece.
template <class Number>
std::vector<Number> repeated(const std::vector<Number>& row) {
    std::vector<Number> rows;
    const int64_t times = rows_a_piece(int64_t(row.size()));
    rows.reserve(row.size() * size_t(times));
    for (int64_t i = 0; i < times; i++) rows.insert(rows.end(), row.begin(), row.end());
    return rows;
}

template <class From>
double number_at(const char* place) {
    From number;
    std::memcpy(&number, place, sizeof number);  // aligned or not
    return double(number);
}

// A piece of X in float64: `rows` by `columns` numbers from `corner` on.
template <class From>
void widen(const char* corner, const StridedRows& X, int64_t rows, int64_t columns, double* to) {
    constexpr int64_t size = sizeof(From);
    if (X.column == size && (rows == 1 || X.row == columns * size)) {
        for (int64_t i = 0; i < rows * columns; i++) to[i] = number_at<From>(corner + i * size);
        return;
    }
    for (int64_t r = 0; r < rows; r++)
        for (int64_t k = 0; k < columns; k++) to[r * columns + k] = number_at<From>(corner + r * X.row + k * X.column);
}

bool is_held(double number) { return std::fabs(number) <= LARGEST; }

void scale_piece(double* x, const double* shift, const double* scale, int64_t count) {
    double scaled[PIECE];
    bool held = true;
    for (int64_t i = 0; i < count; i++) {
        scaled[i] = (x[i] - shift[i]) / scale[i];
        held &= is_held(scaled[i]);
    }
    for (int64_t i = 0; !held && i < count; i++)  // where the difference alone overflowed, half of it does not
        if (!is_held(scaled[i])) scaled[i] = (x[i] / 2 - shift[i] / 2) / (scale[i] / 2);
    std::copy_n(scaled, count, x);
}

// False where T cannot hold a number.
template <class T>
bool narrow(const double* x, int64_t count, T* to) {
    bool held = true;
    for (int64_t i = 0; i < count; i++) {
        to[i] = T(x[i]);
        held &= is_held(double(to[i]));
    }
    return held;
}

template <class T>
bool all_finite(const T* numbers, int64_t count) {
    bool finite = true;
    for (int64_t i = 0; i < count; i++) finite &= is_held(double(numbers[i]));
    return finite;
}

// Row `first` of X where it can be read as it lies, (n, columns) of T, else null.
template <class T>
const T* ready(const StridedRows& X, int64_t columns, int64_t first) {
    constexpr int64_t size = sizeof(T);
    const bool contiguous = (columns == 1 || X.column == size) && (X.n == 1 || X.row == columns * size);
    const bool aligned = reinterpret_cast<uintptr_t>(X.numbers) % alignof(T) == 0;
    if (!contiguous || !aligned || X.is_double != (size == sizeof(double))) return nullptr;
    return reinterpret_cast<const T*>(X.numbers) + first * columns;
}

}  // namespace

Scales::Scales(const ColumnScaling& of, int64_t columns) : columns_(columns) {
    if (of.shift == nullptr) return;
    shift_ = repeated(std::vector<double>(of.shift, of.shift + columns));
    scale_ = repeated(std::vector<double>(of.scale, of.scale + columns));
}

template <class T>
const T* Scales::apply(const StridedRows& X, int64_t first, int64_t count, T* room) const {
    if (none())
        if (const T* there = ready<T>(X, columns_, first)) return all_finite(there, count * columns_) ? there : nullptr;
    const int64_t together = rows_a_piece(columns_);
    double piece[PIECE];
    for (int64_t r = 0; r < count; r += together)
        for (int64_t k = 0; k < columns_; k += PIECE) {
            const int64_t rows = std::min(together, count - r), width = std::min(PIECE, columns_ - k);
            const char* corner = X.numbers + (first + r) * X.row + k * X.column;
            X.is_double ? widen<double>(corner, X, rows, width, piece) : widen<float>(corner, X, rows, width, piece);
            if (!none()) scale_piece(piece, &shift_[size_t(k)], &scale_[size_t(k)], rows * width);
            if (!narrow(piece, rows * width, room + r * columns_ + k)) return nullptr;
        }
    return room;
}

template <class T>
void Scales::undo(const T* values, int64_t rows, double* to) const {
    const int64_t period = int64_t(shift_.size()), total = rows * columns_;
    for (int64_t start = 0; start < total; start += period, values += period, to += period) {
        const int64_t count = std::min(period, total - start);
        bool held = true;
        for (int64_t i = 0; i < count; i++) {
            to[i] = double(values[i]) * scale_[size_t(i)] + shift_[size_t(i)];
            held &= is_held(to[i]);
        }
        for (int64_t i = 0; !held && i < count; i++)  // where the product alone overflowed, half of it does not
            if (!is_held(to[i])) to[i] = 2 * (double(values[i]) * (scale_[size_t(i)] / 2) + shift_[size_t(i)] / 2);
    }
}

DerivativeScales::DerivativeScales(const Scales& inputs, const Scales& targets, int times) {
    const int64_t p = inputs.columns(), m = targets.columns(), entries = times == 1 ? p : p * p;
    width_ = m * entries;
    std::vector<double> divisor(static_cast<size_t>(p)), factor;
    std::vector<int> divisor_exponent(static_cast<size_t>(p)), exponent;
    for (int64_t k = 0; k < p; k++) divisor[size_t(k)] = std::frexp(inputs.scale(k), &divisor_exponent[size_t(k)]);
    for (int64_t o = 0; o < m; o++) {
        int of_output;
        const double fraction = std::frexp(targets.scale(o), &of_output);
        for (int64_t entry = 0; entry < entries; entry++) {
            const size_t k = size_t(entry % p), other = size_t(entry / p);
            factor.push_back(fraction / (times == 1 ? divisor[k] : divisor[other] * divisor[k]));
            exponent.push_back(of_output - divisor_exponent[k] - (times == 1 ? 0 : divisor_exponent[other]));
        }
    }
    factor_ = repeated(factor);
    exponent_ = repeated(exponent);
    const auto is_held = [](int e) { return std::isnormal(std::ldexp(1.0, e)); };
    if (std::all_of(exponent_.begin(), exponent_.end(), is_held))
        for (int e : exponent_) power_.push_back(std::ldexp(1.0, e));
}

template <class T>
void DerivativeScales::undo(const T* derivatives, int64_t rows, double* to) const {
    const int64_t period = int64_t(factor_.size()), total = rows * width_;
    for (int64_t start = 0; start < total; start += period, derivatives += period, to += period) {
        const int64_t count = std::min(period, total - start);
        for (int64_t i = 0; i < count; i++) to[i] = double(derivatives[i]) * factor_[size_t(i)];
        if (power_.empty())
            for (int64_t i = 0; i < count; i++) to[i] = std::ldexp(to[i], exponent_[size_t(i)]);
        else
            for (int64_t i = 0; i < count; i++) to[i] *= power_[size_t(i)];
    }
}

#define FITNET_INSTANTIATE(T)                                                           \
    template const T* Scales::apply<T>(const StridedRows&, int64_t, int64_t, T*) const; \
    template void Scales::undo<T>(const T*, int64_t, double*) const;                    \
    template void DerivativeScales::undo<T>(const T*, int64_t, double*) const;
FITNET_INSTANTIATE(float)
FITNET_INSTANTIATE(double)

}  // namespace fitnet
