#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace peal::inline v0 {

template <class Signature>
class UniqueFunction;

/// A move-only callable with room for 32 bytes without an allocation (std::move_only_function is C++23).
template <class R, class... A>
class UniqueFunction<R(A...)> {
  static constexpr std::size_t room = 32;
  struct Ops {
    R (*call)(void*, A&&...);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void*) noexcept;
  };
  template <class F>
  static constexpr bool fits = sizeof(F) <= room &&
                               alignof(F) <= alignof(std::max_align_t) && std::is_nothrow_move_constructible_v<F>;
  template <class F>
  static constexpr Ops inside{[](void* f, A&&... a) -> R { return (*static_cast<F*>(f))(std::forward<A>(a)...); },
                              [](void* from, void* to) noexcept {
                                ::new (to) F(std::move(*static_cast<F*>(from)));
                                static_cast<F*>(from)->~F();
                              },
                              [](void* f) noexcept { static_cast<F*>(f)->~F(); }};
  template <class F>
  static constexpr Ops outside{[](void* f, A&&... a) -> R { return (**static_cast<F**>(f))(std::forward<A>(a)...); },
                               [](void* from, void* to) noexcept { *static_cast<F**>(to) = *static_cast<F**>(from); },
                               [](void* f) noexcept { delete *static_cast<F**>(f); }};

 public:
  UniqueFunction() noexcept = default;
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, UniqueFunction> && std::is_invocable_r_v<R, std::decay_t<F>&, A...>)
      UniqueFunction(F&& f) {
    using D = std::decay_t<F>;
    if constexpr (fits<D>) {
      ::new (static_cast<void*>(store_)) D(std::forward<F>(f));
      ops_ = &inside<D>;
    } else {
      *reinterpret_cast<D**>(store_) = new D(std::forward<F>(f));
      ops_ = &outside<D>;
    }
  }
  UniqueFunction(UniqueFunction&& other) noexcept { take(other); }
  UniqueFunction& operator=(UniqueFunction&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~UniqueFunction() { reset(); }

  explicit operator bool() const noexcept { return ops_ != nullptr; }
  /// Must hold something.
  R operator()(A... a) { return ops_->call(store_, std::forward<A>(a)...); }
  void reset() noexcept {
    if (ops_ != nullptr) std::exchange(ops_, nullptr)->destroy(store_);
  }

 private:
  void take(UniqueFunction& other) noexcept {
    ops_ = std::exchange(other.ops_, nullptr);
    if (ops_ != nullptr) ops_->move(other.store_, store_);
  }
  alignas(std::max_align_t) std::byte store_[room];
  const Ops* ops_ = nullptr;
};

}  // namespace peal::inline v0
