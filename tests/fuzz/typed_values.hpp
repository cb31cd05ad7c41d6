#pragma once

#include <peal/message/typed_headers.hpp>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <type_traits>
#include <utility>

/// Everything that one can ask of the value of any header, and every way to edit one that owns its text.
namespace peal_fuzz {

/// Calls `f(value)` when the type has what f asks for.
template <class V, class F>
void ask(const V& value, F f) {
  if constexpr (requires { f(value); }) static_cast<void>(f(value));
}

/// Every accessor that a view of a header has.
template <class V>
void read_value(const V& value) {
  using namespace peal;
  const auto all = [&](auto... f) { (ask(value, f), ...); };
  all([](const auto& v) -> decltype(v.q()) { return v.q(); },
      [](const auto& v) -> decltype(v.required()) { return v.required(); },
      [](const auto& v) -> decltype(v.id()) { return v.id(); },
      [](const auto& v) -> decltype(v.time()) { return v.time(); },
      [](const auto& v) -> decltype(v.delay()) { return v.delay(); },
      [](const auto& v) -> decltype(v.message()) { return v.message(); },
      [](const auto& v) -> decltype(v.display_name()) { return v.display_name(); },
      [](const auto& v) -> decltype(v.interval()) { return v.interval(); },
      [](const auto& v) -> decltype(v.refresher()) { return v.refresher(); },
      [](const auto& v) -> decltype(v.remote()) { return v.remote(); },
      [](const auto& v) -> decltype(v.is_auto()) { return v.is_auto() || v.is_manual(); },
      [](const auto& v) -> decltype(v.to_tag()) { return v.to_tag(); },
      [](const auto& v) -> decltype(v.from_tag()) { return v.from_tag(); },
      [](const auto& v) -> decltype(v.replaces()) { return v.replaces(); },
      [](const auto& v) -> decltype(v.method()) { return v.method(); },
      [](const auto& v) -> decltype(v.cid()) { return v.cid(); },
      [](const auto& v) -> decltype(v.subscribes()) { return v.subscribes(); },
      [](const auto& v) -> decltype(v.cause()) { return v.cause(); },
      [](const auto& v) -> decltype(v.reason()) { return v.reason(); },
      [](const auto& v) -> decltype(v.privacy()) { return v.privacy(); },
      [](const auto& v) -> decltype(v.screen()) { return v.screen(); },
      [](const auto& v) -> decltype(v.counter()) { return v.counter(); },
      [](const auto& v) -> decltype(v.limit()) { return v.limit(); },
      [](const auto& v) -> decltype(v.data()) { return v.data(); });
  all([](const auto& v) -> decltype(v.package()) { return v.package(); },
      [](const auto& v) -> decltype(v.expires()) { return v.expires(); },
      [](const auto& v) -> decltype(v.retry_after()) { return v.retry_after(); },
      [](const auto& v) -> decltype(v.payload()) { return std::pair(v.header(), v.payload()).second; },
      [](const auto& v) -> decltype(v.signature()) { return v.signature(); },
      [](const auto& v) -> decltype(v.algorithm()) { return v.algorithm(); },
      [](const auto& v) -> decltype(v.type()) { return v.type(); },
      [](const auto& v) -> decltype(v.has("id")) { return v.has("id"); },
      [](const auto& v) -> decltype(v.info("dsl-location")) { return v.info("dsl-location"); },
      [](const auto& v) -> decltype(v.name()) { return v.name(); },
      [](const auto& v) -> decltype(v.icid()) { return v.icid() + v.orig_ioi() + v.related_generated_at(); },
      [](const auto& v) -> decltype(v.content_id()) { return v.content_id(); },
      [](const auto& v) -> decltype(v.code()) { return v.code(); },
      [](const auto& v) -> decltype(v.allowed()) { return v.allowed(); },
      [](const auto& v) -> decltype(v.digest_verify()) { return v.digest_verify(); },
      [](const auto& v) -> decltype(v.priority()) { return v.priority(); },
      [](const auto& v) -> decltype(v.name_space()) { return v.name_space(); },
      [](const auto& v) -> decltype(v.target_uri()) { return v.target_uri(); },
      [](const auto& v) -> decltype(v.nonce_count()) { return v.nonce_count(); },
      [](const auto& v) -> decltype(v.admits("a", "b")) { return v.admits("a", "b"); });
  if constexpr (requires { value.params(); }) {
    for (const auto& param : value.params()) static_cast<void>(feature_values(param));
    static_cast<void>(q_value(value.params()));
    static_cast<void>(sip_instance(value.params()) + std::to_string(reg_id(value.params()).value_or(0)));
  }
}

/// The value that owns its text is the view's, and stays a value of that header whatever is done to it.
template <class T>
void edit_value(const typename T::View& view) {
  const auto good = [](const T& value) {
    std::string text;
    value.append_to(text);
    if (!peal::parse_header_value<T>(text)) std::abort();
  };
  if constexpr (std::is_constructible_v<T, const typename T::View&> && !std::is_same_v<T, peal::Auth>) {
    T own(view);
    good(own);
    if constexpr (requires { own.set_param("x-new", "1"); }) {
      for (const auto* name : {"x-new", "x-new", "tag", "q"})
        if (own.set_param(name, "1")) good(own);
    }
    if constexpr (requires { own.set_quoted("x-new", "a"); })
      if (own.set_quoted("x-new", "a\"\\b")) good(own);
    if constexpr (requires { own.remove_param("x-new"); }) {
      static_cast<void>(own.remove_param("x-new"));
      good(own);
    }
  } else if constexpr (std::is_same_v<T, typename T::View>) {
    good(view);
  }
}

}  // namespace peal_fuzz
