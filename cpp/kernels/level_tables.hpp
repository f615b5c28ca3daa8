// The tables of one level, for the file that names the level.
#pragma once

#include "kernels/block.hpp"
#include "kernels/cholesky.hpp"
#include "kernels/covariance.hpp"
#include "kernels/encoded.hpp"
#include "kernels/hessian.hpp"
#include "kernels/jacobian.hpp"
#include "kernels/normal_equations.hpp"
#include "kernels/update.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

extern const Level<float> level_float;
extern const Level<double> level_double;

template <class T>
constexpr Level<T> table_of() {
    return {train_block<T>,
            measure_block<T>,
            predict_block<T>,
            jacobian_block<T>,
            hessian_block<T>,
            differentiate_block<T>,
            differentiate_classes<T>,
            outer_products<T>,
            add_transposed_product<T>,
            eliminate<T>,
            covariance_block<T>,
            sum_slots<T>,
            add_decay<T>,
            shrink<T>,
            sum_squares<T>,
            update<T>,
            transpose<T>,
            differentiate_pieces<T>,
            sum_pieces<T>};
}

const Level<float> level_float = table_of<float>();
const Level<double> level_double = table_of<double>();

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
