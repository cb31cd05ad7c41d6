#pragma once

#include <peal/message/export.hpp>
#include <peal/message/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace peal::inline v0 {

/// One `;name=value` or `;name`.
struct Param {
  std::string_view name;
  std::string_view value;  ///< as it stands, quotes included; empty when there is none
  bool has_value = false;
  /// The value without its quotes and backslashes.
  [[nodiscard]] PEAL_API std::string unquoted() const;
};

/// An ordered list of parameters as it stands in a message. Names compare without case.
/// A view: valid while the text it was made from is.
class ParamsView {
 public:
  constexpr ParamsView() noexcept = default;
  /// `text` is empty or starts at the first ';'. It must have been validated.
  constexpr explicit ParamsView(std::string_view text) noexcept : text_(text) {}

  class iterator {
   public:
    using value_type = Param;
    using difference_type = std::ptrdiff_t;
    PEAL_API explicit iterator(std::string_view rest);
    iterator() = default;
    const Param& operator*() const noexcept { return param_; }
    const Param* operator->() const noexcept { return &param_; }
    PEAL_API iterator& operator++();
    iterator operator++(int) {
      auto old = *this;
      ++*this;
      return old;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.param_.name.data() == b.param_.name.data();
    }

   private:
    Param param_;
    std::string_view rest_;
  };
  [[nodiscard]] iterator begin() const { return iterator(text_); }
  [[nodiscard]] iterator end() const { return {}; }

  [[nodiscard]] PEAL_API std::optional<Param> find(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }
  /// The value, or empty when the parameter is absent or has none.
  [[nodiscard]] PEAL_API std::string_view value(std::string_view name) const;
  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return text_.empty(); }

 private:
  std::string_view text_;
};

}  // namespace peal::inline v0
