// Counts what the program and the libraries in it ask of the heap, by standing in front of glibc's allocator.
#include "bench.hpp"

#include <cstdlib>

namespace {
std::uint64_t count = 0;  // one thread measures
}

namespace peal_bench {
std::uint64_t allocations() { return count; }
}  // namespace peal_bench

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

extern "C" {
// NOLINTBEGIN: names and signatures are glibc's
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t items, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  ++count;
  return __libc_malloc(size);
}
void* calloc(std::size_t items, std::size_t size) noexcept {
  ++count;
  return __libc_calloc(items, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  ++count;
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++count;
  return __libc_memalign(alignment, size);
}
// NOLINTEND
}

#endif
