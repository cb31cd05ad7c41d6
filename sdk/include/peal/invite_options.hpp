#pragma once

#include <peal/account.hpp>
#include <peal/dialog/media_handler.hpp>

#include <string>
#include <utility>
#include <vector>

namespace peal::inline v0 {

/// How to call. Declares a constructor so that it may be written inside a co_await (docs/decisions/coroutines-at-the-facade.md).
struct InviteOptions {
  InviteOptions() = default;
  Account account;                  ///< empty: the UserAgent's first, or an anonymous one
  CallHandler* handler = nullptr;   ///< must outlive the call; nullptr: the UserAgent's
  MediaHandler* media = nullptr;    ///< must outlive the call; nullptr: a default one with PCMU, PCMA, telephone-event
  bool late_offer = false;          ///< INVITE without SDP
  std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace peal::inline v0
