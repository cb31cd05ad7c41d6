#pragma once

#include <peal/modules/registrar.hpp>
#include <peal/user_agent.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/io_context.hpp>
#include <asio/use_future.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

/// Every public function of the handles and of UserAgent, called by a thread that does not own them. The rule
/// `foreign_threads_cover_the_api` compares the names of the rows with the public headers.
namespace foreign {

/// What a foreign thread has in its hands. All of one user agent.
struct Scene {
  peal::UserAgent& ua;
  peal::transport::Tap& tap;
  std::string target;
  peal::Account account;
  peal::Call call;
  peal::IncomingCall incoming;
  bool own_loop = false;           ///< it runs its private io_context, in a thread of its own
  std::function<bool()> on_owner;  ///< may the calling thread touch it?
  std::atomic<std::uint64_t>& posted;
  std::atomic<std::uint64_t>& ran;
};

/// How many calls of a row have to be counted as made on the wrong thread.
using Refused = int;

struct Row {
  const char* name;  ///< "Class::function", with ", how" behind it when there are several ways
  Refused (*call)(Scene&);
};

template <class T>
Refused refused(const peal::Result<T>& result) {
  if (result.has_value())
    ADD_FAILURE() << "done on a foreign thread";
  else
    EXPECT_EQ(result.error(), make_error_code(peal::errc::wrong_thread));
  return 1;
}

/// Of an operation that was started with use_future: complete before the call has returned.
template <class T>
Refused refused(std::future<T> future) {
  if (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    ADD_FAILURE() << "started on a foreign thread";
    return 1;
  }
  return refused(future.get());
}

inline peal::AccountConfig another_account() {
  peal::AccountConfig config;
  config.aor = "sip:mallory@peal.test";
  return config;
}

/// Starts `operation` with a token whose executor is a private io_context: completes there, not before it is run.
template <class T, class Operation>
Refused refused_on_own_executor(Operation operation) {
  asio::io_context io(1);
  Refused count = 0;
  operation(asio::bind_executor(io, [&](peal::Result<T> result) { count += refused(result); }));
  EXPECT_EQ(count, 0);
  io.run();
  EXPECT_EQ(count, 1);
  return count;
}

/// Cancels it when it has completed: the cancellation too is refused, and counted.
template <class T, class Operation>
Refused refused_and_cancelled(Operation operation) {
  asio::cancellation_signal signal;
  Refused count = 0;
  operation(asio::bind_cancellation_slot(signal.slot(), [&](peal::Result<T> result) { count += refused(result); }));
  EXPECT_EQ(count, 1);
  signal.emit(asio::cancellation_type::terminal);
  return count + 1;
}

template <class Handle>
Refused copy_compare_and_destroy(Scene& scene, const Handle& handle) {
  const Handle copy = handle;
  Handle moved = copy;
  Handle target;
  EXPECT_FALSE(target);
  target = std::move(moved);
  target = copy;
  EXPECT_TRUE(target);
  EXPECT_TRUE(target == handle);
  EXPECT_EQ(target.id(), handle.id());
  EXPECT_EQ(std::hash<Handle>{}(target), std::hash<Handle>{}(handle));
  (void)scene;
  return 0;
}

inline constexpr Row rows[] = {
    {"UserAgent::set_handler", [](Scene& s) { return refused(s.ua.set_handler(nullptr)); }},
    {"UserAgent::listening",
     [](Scene& s) {
       EXPECT_TRUE(s.ua.listening().empty());
       return 1;
     }},
    {"UserAgent::listen", [](Scene& s) { return refused(s.ua.listen("udp:127.0.0.1:0")); }},
    {"UserAgent::add_account", [](Scene& s) { return refused(s.ua.add_account(another_account())); }},
    {"UserAgent::invite", [](Scene& s) { return refused(s.ua.invite(s.target)); }},
    {"UserAgent::invite, account",
     [](Scene& s) {
       peal::InviteOptions options;
       options.account = s.account;
       return refused(s.ua.invite(s.target, std::move(options)));
     }},
    {"UserAgent::invite, use_future", [](Scene& s) { return refused(s.ua.invite(s.target, {}, asio::use_future)); }},
    {"UserAgent::invite, own executor",
     [](Scene& s) {
       return refused_on_own_executor<peal::Call>([&](auto token) { s.ua.invite(s.target, {}, std::move(token)); });
     }},
    {"UserAgent::next_call, use_future", [](Scene& s) { return refused(s.ua.next_call(asio::use_future)); }},
    {"UserAgent::next_call, cancelled",
     [](Scene& s) {
       return refused_and_cancelled<peal::IncomingCall>([&](auto token) { s.ua.next_call(std::move(token)); });
     }},
    {"UserAgent::options, use_future", [](Scene& s) { return refused(s.ua.options(s.target, asio::use_future)); }},
    {"UserAgent::options, own executor",
     [](Scene& s) {
       return refused_on_own_executor<peal::Response>([&](auto token) { s.ua.options(s.target, std::move(token)); });
     }},
    {"UserAgent::shutdown, use_future",
     [](Scene& s) { return refused(s.ua.shutdown(std::chrono::milliseconds(1), asio::use_future)); }},
    {"UserAgent::install", [](Scene& s) { return refused(s.ua.install<peal::Registrar>()); }},
    {"UserAgent::post",
     [](Scene& s) {
       if (s.posted - s.ran > 256) return 0;  // the owner has other things to do, too
       ++s.posted;
       s.ua.post([&ran = s.ran, on_owner = s.on_owner] {
         EXPECT_TRUE(on_owner());
         ++ran;
       });
       return 0;
     }},
    {"UserAgent::run",
     [](Scene& s) {
       s.ua.run();
       return s.own_loop ? 1 : 0;
     }},
    {"UserAgent::poll",
     [](Scene& s) {
       s.ua.poll();
       return s.own_loop ? 1 : 0;
     }},
    {"UserAgent::stop",
     [](Scene& s) {
       if (!s.own_loop) s.ua.stop();  // else it would do what it says: see OwnLoop
       return 0;
     }},
    {"UserAgent::counters", [](Scene& s) { return refused(s.ua.counters()); }},
    {"UserAgent::add_tap",
     [](Scene& s) {
       s.ua.add_tap(s.tap);
       return 1;
     }},
    {"UserAgent::remove_tap",
     [](Scene& s) {
       s.ua.remove_tap(s.tap);
       return 1;
     }},
    {"UserAgent::core",
     [](Scene& s) {
       (void)s.ua.core();  // what it refers to is the owner's alone
       return 0;
     }},

    {"Account::aor", [](Scene& s) { return refused(s.account.aor()); }},
    {"Account::registration_state", [](Scene& s) { return refused(s.account.registration_state()); }},
    {"Account::start", [](Scene& s) { return refused(s.account.start()); }},
    {"Account::start, use_future", [](Scene& s) { return refused(s.account.start(asio::use_future)); }},
    {"Account::start, own executor",
     [](Scene& s) {
       return refused_on_own_executor<peal::RegistrationEvent>([&](auto token) { s.account.start(std::move(token)); });
     }},
    {"Account::stop", [](Scene& s) { return refused(s.account.stop()); }},
    {"Account::stop, use_future", [](Scene& s) { return refused(s.account.stop(asio::use_future)); }},
    {"Account::remove", [](Scene& s) { return refused(s.account.remove()); }},

    {"Call::state", [](Scene& s) { return refused(s.call.state()); }},
    {"Call::hold_state", [](Scene& s) { return refused(s.call.hold_state()); }},
    {"Call::remote", [](Scene& s) { return refused(s.call.remote()); }},
    {"Call::sip_call_id", [](Scene& s) { return refused(s.call.sip_call_id()); }},
    {"Call::hang_up", [](Scene& s) { return refused(s.call.hang_up()); }},
    {"Call::hold", [](Scene& s) { return refused(s.call.hold()); }},
    {"Call::resume", [](Scene& s) { return refused(s.call.resume()); }},
    {"Call::set_handler", [](Scene& s) { return refused(s.call.set_handler(nullptr)); }},
    {"Call::next, use_future", [](Scene& s) { return refused(s.call.next(asio::use_future)); }},
    {"Call::next, own executor",
     [](Scene& s) {
       return refused_on_own_executor<peal::CallEvent>([&](auto token) { s.call.next(std::move(token)); });
     }},
    {"Call::next, cancelled",
     [](Scene& s) {
       return refused_and_cancelled<peal::CallEvent>([&](auto token) { s.call.next(std::move(token)); });
     }},

    {"IncomingCall::request", [](Scene& s) { return refused(s.incoming.request()); }},
    {"IncomingCall::ring", [](Scene& s) { return refused(s.incoming.ring()); }},
    {"IncomingCall::answer", [](Scene& s) { return refused(s.incoming.answer()); }},
    {"IncomingCall::reject", [](Scene& s) { return refused(s.incoming.reject()); }},
    {"IncomingCall::redirect",
     [](Scene& s) { return refused(s.incoming.redirect(*peal::Uri::parse("sip:x@peal.test"))); }},
    {"IncomingCall::hang_up", [](Scene& s) { return refused(s.incoming.hang_up()); }},

    // What is legal on any thread, on handles that end meanwhile and whose slots are used again.
    {"HandleBase::HandleBase", [](Scene& s) { return copy_compare_and_destroy(s, s.call); }},
    {"HandleBase::operator=", [](Scene& s) { return copy_compare_and_destroy(s, s.incoming); }},
    {"HandleBase::operator==", [](Scene& s) { return copy_compare_and_destroy(s, s.account); }},
    {"HandleBase::operator bool",
     [](Scene& s) {
       EXPECT_TRUE(s.call && s.incoming && s.account);
       return 0;
     }},
    {"HandleBase::id",
     [](Scene& s) {
       EXPECT_NE(s.call.id(), s.incoming.id());
       return 0;
     }},
    {"HandleBase::~HandleBase",
     [](Scene& s) {
       auto* copy = new peal::Call(s.call);
       delete copy;
       return 0;
     }},
};

}  // namespace foreign
