// A matrix in panels: how its numbers lie in memory.
//
// It is cut into panels of at most PANEL columns, one panel after the other. In a panel row lies after row, each padded
// with zeros to whole cache lines, or to PANEL where there are several panels: a panel's rows then lie side by side,
// whatever the width. So does a matrix of 3 rows and 70 columns of float, whose lines hold 16 numbers and whose panels
// have 64 columns; the numbers are places in memory:
//
//     column     0    1   ...  63         64   65  ...  69   (padding)
//             +--------------------+   +------------------------------+
//     row 0   |  0    1   ...  63  |   | 192  193  ... 197  198 ... 255 |
//     row 1   |  64   65  ... 127  |   | 256  257  ... 261  262 ... 319 |
//     row 2   | 128  129  ... 191  |   | 320  321  ... 325  326 ... 383 |
//             +--------------------+   +------------------------------+
//                     panel 0                       panel 1
//
// One of 20 columns has a single panel, its rows padded to 32.
#pragma once

#include <cstdint>
#include <type_traits>

namespace fitnet {

constexpr int64_t LINE_BYTES = 64;
template <class T>
constexpr int64_t LINE = LINE_BYTES / int64_t(sizeof(T));  // numbers in a cache line: 16 or 8
template <class T>
constexpr int64_t PANEL = 4 * LINE<T>;

// What is small and called from code compiled for one instruction set stays in that code.
#define FITNET_INLINE inline __attribute__((always_inline))

FITNET_INLINE constexpr int64_t round_up(int64_t x, int64_t multiple) {
    return (x + multiple - 1) / multiple * multiple;
}

// The shape of a matrix in panels.
template <class T>
struct Panels {
    int64_t rows;
    int64_t width;
    FITNET_INLINE int64_t stride() const { return width < PANEL<T> ? round_up(width, LINE<T>) : PANEL<T>; }
    FITNET_INLINE int64_t count() const { return (width + PANEL<T> - 1) / PANEL<T>; }
    FITNET_INLINE int64_t size() const { return count() * rows * stride(); }
    FITNET_INLINE int64_t panel(int64_t i) const { return i * rows * stride(); }  // where panel i begins
    FITNET_INLINE int64_t columns(int64_t i) const {                              // of panel i, without its padding
        return i + 1 < count() ? PANEL<T> : width - i * PANEL<T>;
    }
    FITNET_INLINE int64_t at(int64_t row, int64_t column) const {
        return panel(column / PANEL<T>) + row * stride() + column % PANEL<T>;
    }
};

// A matrix: its numbers, which lie elsewhere, and their panels. Number is T, or const T where it is only read.
template <class Number>
struct Matrix {
    using T = std::remove_const_t<Number>;
    using Const = Matrix<const T>;

    Number* values;
    Panels<T> panels;
    int64_t rows;  // in use, from the first on; the panels may have room for more

    FITNET_INLINE int64_t width() const { return panels.width; }
    FITNET_INLINE int64_t stride() const { return panels.stride(); }
    FITNET_INLINE Number& at(int64_t row, int64_t column) const { return values[panels.at(row, column)]; }
    // Row `row` of panel i.
    FITNET_INLINE Number* panel(int64_t i, int64_t row = 0) const { return values + panels.panel(i) + row * stride(); }
    FITNET_INLINE Matrix below(int64_t row) const { return {values + row * stride(), panels, rows - row}; }
    FITNET_INLINE operator Const() const { return {values, panels, rows}; }
};

// A matrix that a function reads; its T follows from the function's other arguments.
template <class T>
using ConstMatrix = typename Matrix<T>::Const;

}  // namespace fitnet
