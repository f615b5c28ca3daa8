// What every processor of the family has: x86-64 without FMA, or aarch64.
#define FITNET_LEVEL_NAME baseline
#define FITNET_VECTOR_BYTES 16
#include "kernels/level_tables.hpp"
