// Rows of encoded columns as arguments of a call from Python: their numbers of pieces are places in memory.
#pragma once

#include <vector>

#include "bindings/arrays.hpp"

namespace fitnet::bindings {

// The pieces of every column, as TrainerSettings has them; none: rows are inputs as they are.
struct EncodedColumns {
    std::vector<int64_t> pieces;

    int64_t p() const { return int64_t(pieces.size()); }
    int64_t q() const {
        int64_t with_pieces = 0;
        for (const int64_t count : pieces) with_pieces += count > 0;
        return with_pieces;
    }
    int64_t row_size(const Layers& layers) const { return pieces.empty() ? layers.front().inputs : p() + 2 * q(); }

    void check(const Layers& layers) const {
        int64_t left = layers.front().inputs - p();
        bool fits = true;
        for (const int64_t count : pieces) {
            fits &= count >= 0 && count <= left;
            left -= fits ? count : 0;
        }
        if (!fits || (!pieces.empty() && left != 0)) throw nb::value_error("`pieces` does not fit the network.");
    }

    // Refuses n rows of which an entry names a piece that is not its column's.
    template <class T>
    void check_rows(const T* X, int64_t n) const {
        const int64_t size = p() + 2 * q();
        bool right = true;
        int64_t first = 0;
        const T* numbers = X + p() + q();
        for (const int64_t count : pieces) {
            if (count == 0) continue;
            for (int64_t r = 0; r < n; r++) right &= is_from(numbers[r * size], first, first + count);
            first += count;
            numbers++;
        }
        if (!right) throw nb::value_error("`X` holds an entry whose number is not that of a piece of its column.");
    }

private:
    template <class T>
    static bool is_from(T number, int64_t first, int64_t end) {
        constexpr T most = T(int64_t(1) << 62);  // what is above cannot be cast
        if (!(number >= 0 && number < most)) return false;
        const auto whole = static_cast<int64_t>(number);
        return T(whole) == number && whole >= first && whole < end;
    }
};

}  // namespace fitnet::bindings
