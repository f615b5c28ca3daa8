// The tables of one level, for the file that names the level.
#pragma once

#include "block.hpp"
#include "update.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

extern const Level<float> level_float;
extern const Level<double> level_double;

const Level<float> level_float = {train_block<float>, predict_block<float>, sum_slots<float>,
                                  add_decay<float>,   sum_squares<float>,   update<float>, transpose<float>};
const Level<double> level_double = {train_block<double>, predict_block<double>, sum_slots<double>,
                                    add_decay<double>,   sum_squares<double>,   update<double>, transpose<double>};

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
