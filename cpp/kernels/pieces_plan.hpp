// How the pieces of encoded columns lie in memory inside the engine; kernels/encoded.hpp says what they are.
#pragma once

#include <vector>

#include "kernels/panels.hpp"

namespace fitnet {

template <class T>
struct PiecesPlan {
    struct Column {
        int64_t begin;  // its pieces, among those of all columns
        int64_t end;
    };
    std::vector<int64_t> counts;  // of pieces, by column, 0 for those without; empty: nothing is encoded
    std::vector<Column> columns;  // those that have pieces
    int64_t total = 0;            // pieces of all columns
    int64_t outputs;              // of the first layer
    int64_t weights_at = 0;       // where the pieces' weights begin among the engine's parameters

    PiecesPlan(const std::vector<int64_t>& of_columns, int64_t n_outputs) : counts(of_columns), outputs(n_outputs) {
        for (const int64_t count : counts) {
            if (count > 0) columns.push_back({total, total + count});
            total += count;
        }
    }
    FITNET_INLINE int64_t n_columns() const { return int64_t(columns.size()); }
    FITNET_INLINE Panels<T> panels() const { return {total, outputs}; }

    // The weights (pieces x outputs) among the engine's parameters, or their gradients among the gradients; and behind
    // all parameters their sums (pieces x outputs), or the gradients with respect to these.
    template <class Number>
    FITNET_INLINE Matrix<Number> weights(Number* parameters) const {
        return {parameters + weights_at, panels(), total};
    }
    template <class Number>
    FITNET_INLINE Matrix<Number> sums(Number* parameters) const {
        return {parameters + weights_at + panels().size(), panels(), total};
    }

    // The work on weights and sums is cut into parts: one column's pieces in one panel.
    int64_t n_parts() const { return n_columns() * panels().count(); }
    FITNET_INLINE int64_t column_of(int64_t part) const { return part / panels().count(); }
    FITNET_INLINE int64_t panel_of(int64_t part) const { return part % panels().count(); }
};

}  // namespace fitnet
