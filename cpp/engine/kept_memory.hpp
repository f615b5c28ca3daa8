// Large blocks of memory that a thread gave back and takes again in its next call.
//
// The system clears every page that it lends, and where malloc returns large blocks to it at once, as Dask's workers
// tell theirs to, a least-squares iteration spends a tenth of its time on getting the same pages again.
#pragma once

#include <cstdint>

namespace fitnet {

// So many bytes on a cache line's boundary; anything may be in them. Throws std::bad_alloc.
void* take_memory(int64_t bytes);

// What was taken, in whichever thread: kept for this one's next block of just that size, or freed.
void give_back_memory(void* memory, int64_t bytes) noexcept;

}  // namespace fitnet
