// Cholesky's factorisation U^T U of a symmetric positive definite matrix, and what is computed with it.
//
// U lies in panels of CHOLESKY_BLOCK columns, the rows of a panel side by side, down to the diagonal. Strips of as many
// rows follow each other: what all rows above take from a strip is subtracted in one product, then its own rows are
// eliminated. Threads take panels, and each number is summed by one of them, over the rows as they lie.
#include <algorithm>
#include <memory>
#include <vector>

#include "engine/buffer.hpp"
#include "engine/thread_pool.hpp"
#include "kernels/level.hpp"

namespace fitnet {

namespace {

constexpr int64_t B = CHOLESKY_BLOCK;
constexpr int64_t DEPTH = 4 * B;  // rows of a product that pass through the nearest caches together

class CholeskyFactor {
public:
    CholeskyFactor(const RegularMatrix& matrix, Threads allowed)
        : matrix_(matrix), kernels_(kernels<double>()), blocks_((matrix.n + B - 1) / B),
          panels_(blocks_ * (blocks_ + 1) / 2 * SQUARE),
          threads_(useful_threads(allowed, blocks_, double(matrix.n) * double(matrix.n) * double(matrix.n) / 3)) {}

    int threads() const { return threads_; }
    int64_t blocks() const { return blocks_; }

    // False where a pivot is not positive, or `keep_going` is not to go on.
    bool factorise(Rounds& rounds, const KeepGoing& keep_going) {
        rounds.lead(blocks_, [&](int, int64_t panel) { copy(panel); });
        for (int64_t strip = 0; strip < blocks_; strip++) {
            if (!keep_going() || !kernels_.eliminate(square(strip, strip), square(strip, strip))) return false;
            if (strip + 1 == blocks_) break;
            kernels_.eliminate(square(strip, strip), square(strip, strip + 1));
            rounds.lead(blocks_ - strip - 1, [&](int, int64_t task) {
                const int64_t panel = strip + 1 + task;
                if (task > 0) kernels_.eliminate(square(strip, strip), square(strip, panel));
                subtract_product(square(0, strip + 1), square(0, panel), square(strip + 1, panel), (strip + 1) * B);
            });
        }
        return true;
    }

    // x (n), of U^T U x = right.
    void solve(const double* right, double* x) const {
        std::vector<double> rest(size_t(blocks_ * B), 0.0);
        std::copy_n(right, matrix_.n, rest.begin());
        for (int64_t panel = 0; panel < blocks_; panel++) {
            double* own = &rest[size_t(panel * B)];
            for (int64_t row = 0; row < (panel + 1) * B; row++) {
                const double* U = square(0, panel) + row * B;
                const int64_t column = row - panel * B;
                if (column >= 0) own[column] /= U[column];
                for (int64_t j = std::max<int64_t>(0, column + 1); j < B; j++) own[j] -= rest[size_t(row)] * U[j];
            }
        }
        for (int64_t panel = blocks_ - 1; panel >= 0; panel--) {
            const double* own = &rest[size_t(panel * B)];
            for (int64_t row = (panel + 1) * B - 1; row >= 0; row--) {
                const double* U = square(0, panel) + row * B;
                const int64_t column = row - panel * B;
                double sum = rest[size_t(row)];
                for (int64_t j = std::max<int64_t>(0, column + 1); j < B; j++) sum -= U[j] * own[j];
                rest[size_t(row)] = column >= 0 ? sum / U[column] : sum;
            }
        }
        std::copy_n(rest.begin(), matrix_.n, x);
    }

    // The diagonal (n) of (U^T U)^-1 = U^-1 U^-T: sums of squares over the columns of U^-T, a panel at a time.
    void inverse_diagonal(Rounds& rounds, double* diagonal) const {
        std::vector<std::unique_ptr<Buffer<double>>> scratch;
        for (int thread = 0; thread < threads_; thread++)
            scratch.push_back(std::make_unique<Buffer<double>>(blocks_ * SQUARE));
        rounds.lead(blocks_, [&](int thread, int64_t panel) {
            double* inverse = scratch[size_t(thread)]->get();
            std::fill_n(inverse, (blocks_ - panel) * SQUARE, 0.0);
            for (int64_t j = 0; j < B; j++) inverse[j * B + j] = 1;
            for (int64_t strip = panel; strip < blocks_; strip++) {
                double* rows = inverse + (strip - panel) * SQUARE;
                subtract_product(square(panel, strip), inverse, rows, (strip - panel) * B);
                kernels_.eliminate(square(strip, strip), rows);
            }
            double sums[B] = {};
            for (int64_t row = 0; row < (blocks_ - panel) * B; row++)
                for (int64_t j = 0; j < B; j++) sums[j] += inverse[row * B + j] * inverse[row * B + j];
            std::copy_n(sums, std::min(B, matrix_.n - panel * B), diagonal + panel * B);
        });
    }

private:
    double* square(int64_t strip, int64_t panel) const { return panels_.get() + square_at(strip, panel); }

    // One panel of the matrix and its ridge; beyond the matrix the identity.
    void copy(int64_t panel) const {
        const int64_t n = matrix_.n, first = panel * B, columns = std::min(B, n - first);
        double* to = square(0, panel);
        for (int64_t row = 0; row < first + columns; row++)
            std::copy_n(matrix_.values + row * n + first, columns, to + row * B);
        for (int64_t j = 0; j < B; j++)
            to[(first + j) * B + j] = j < columns ? to[(first + j) * B + j] + matrix_.ridge[first + j] : 1;
    }

    // The square `from` -= the product of what lies above two squares, transpose of `left` (rows, B) by `right` (rows,
    // B).
    void subtract_product(const double* left, const double* right, double* from, int64_t rows) const {
        alignas(LINE_BYTES) double product[SQUARE] = {};
        for (int64_t first = 0; first < rows; first += DEPTH)
            for (int64_t j = 0; j < B; j += PANEL<double>)
                kernels_.add_transposed_product(left + first * B, B, B, right + first * B + j, B,
                                                std::min(PANEL<double>, B - j), product + j, B,
                                                std::min(DEPTH, rows - first));
        for (int64_t i = 0; i < SQUARE; i++) from[i] -= product[i];
    }

    const RegularMatrix matrix_;
    const Level<double>& kernels_;
    const int64_t blocks_;
    Buffer<double> panels_;
    const int threads_;
};

}  // namespace

bool solve_positive_definite(const RegularMatrix& matrix, const double* right, double* x, Threads threads,
                             const KeepGoing& keep_going) {
    CholeskyFactor factor(matrix, threads);
    bool solved = false;
    with_helpers(factor.threads(), 0, [&](Rounds& rounds) { solved = factor.factorise(rounds, keep_going); });
    if (solved) factor.solve(right, x);
    return solved;
}

bool inverse_diagonal(const RegularMatrix& matrix, double* diagonal, Threads threads, const KeepGoing& keep_going) {
    CholeskyFactor factor(matrix, threads);
    bool solved = false;
    with_helpers(factor.threads(), 0, [&](Rounds& rounds) {
        solved = factor.factorise(rounds, keep_going);
        if (solved) factor.inverse_diagonal(rounds, diagonal);
    });
    return solved;
}

}  // namespace fitnet
