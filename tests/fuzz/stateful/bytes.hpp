#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

/// What the parts of the stateful fuzz target share.
namespace stateful {

/// The input, read as choices. Behind its end every choice is the first one.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) noexcept : data_(data), size_(size) {}
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  std::uint8_t u8() noexcept {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  /// Less than `n`; 0 when `n` is.
  std::size_t below(std::size_t n) noexcept { return n == 0 ? 0 : u8() % n; }
  bool odd() noexcept { return (u8() & 1U) != 0; }
  /// True for one byte value in `n`, never behind the end.
  bool one_in(unsigned n) noexcept { return size_ != 0 && u8() % n == n - 1; }
  std::string_view take(std::size_t n) noexcept {
    const auto size = std::min(n, size_);
    const std::string_view out(reinterpret_cast<const char*>(data_), size);
    data_ += size;
    size_ -= size;
    return out;
  }
  template <class T, std::size_t n>
  const T& pick(const T (&from)[n]) noexcept {
    return from[below(n)];
  }
  std::uint16_t code(std::initializer_list<std::uint16_t> codes) noexcept { return codes.begin()[below(codes.size())]; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

inline void must(bool holds, const char* what, std::string_view detail = {}) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n%s\n", what, std::string(detail).c_str());
  std::abort();
}

/// Set PEAL_FUZZ_SHOW to see what an input does.
inline bool shown() {
  static const bool wanted = std::getenv("PEAL_FUZZ_SHOW") != nullptr;
  return wanted;
}
inline void show(std::string_view what, std::string_view more = {}) {
  if (!shown()) return;
  std::fwrite(what.data(), 1, what.size(), stderr);
  std::fwrite(more.data(), 1, more.size(), stderr);
  std::fputc('\n', stderr);
}

/// How often things happened, told at exit when PEAL_FUZZ_STATS is set: shows how deep the inputs reach.
class Stats {
 public:
  static void count(std::string_view what) {
    show("-- ", what);
    if (wanted()) ++numbers()[std::string(what)];
  }

 private:
  using Numbers = std::map<std::string, std::uint64_t, std::less<>>;
  static bool wanted() {
    static const bool yes = std::getenv("PEAL_FUZZ_STATS") != nullptr && std::atexit(tell) == 0;
    return yes;
  }
  static Numbers& numbers() {
    static auto* const all = new Numbers;  // told at exit: never destroyed
    return *all;
  }
  static void tell() {
    for (const auto& [what, times] : numbers())
      std::fprintf(stderr, "%10llu %s\n", static_cast<unsigned long long>(times), what.c_str());
    delete &numbers();
  }
};

}  // namespace stateful
