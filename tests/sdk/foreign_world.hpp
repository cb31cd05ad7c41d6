#pragma once

#include <peal/modules/registrar.hpp>
#include <peal/user_agent.hpp>

#include <asio/use_future.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A registrar and two phones that register with it and call each other without a pause, wherever they live.
namespace foreign {

using namespace std::chrono_literals;

constexpr auto patience = 120s;  ///< of a thread that waits for another: only a dead lock takes that long

/// Where a user agent lives.
struct Place {
  std::string listen = "udp:127.0.0.1:0";
  std::function<std::unique_ptr<peal::UserAgent>(peal::Config)> make;  ///< on its executor
  std::function<void(std::function<void()>)> post;
  std::function<bool()> here;  ///< may the calling thread touch what lives here?
};

/// Runs `f` at the place and waits for what it gives.
template <class F>
auto at(const Place& place, F f) {
  auto task = std::make_shared<std::packaged_task<std::invoke_result_t<F>()>>(std::move(f));
  auto result = task->get_future();
  place.post([task] { (*task)(); });
  if (result.wait_for(patience) != std::future_status::ready) throw std::runtime_error("the executor does not run");
  return result.get();
}

/// What its own thread gives away for others to use: handles, and messages that they read.
struct Board {
  peal::Call call;
  peal::IncomingCall incoming;
  peal::Account account;
  std::optional<peal::Request> request;
  std::optional<peal::Response> response;
  [[nodiscard]] bool full() const { return call && incoming && account && request && response; }
};

/// A user agent whose handler keeps its calls and registrations going: each call of its own is established, held,
/// resumed and hung up, and the next one begins. Checks that nothing else happens to them, and on which thread it does.
class Phone final : public peal::UserAgentHandler {
 public:
  Phone(Place place, std::string user, std::string proxy)
      : place_(std::move(place)), user_(std::move(user)), proxy_(std::move(proxy)) {
    at(place_, [this] { begin(); });
    if (registered_.get_future().wait_for(patience) != std::future_status::ready)
      throw std::runtime_error("no registrar");
  }
  ~Phone() override {
    if (ua_) at(place_, [this] { ua_.reset(); });
  }

  /// Keeps so many calls to `peer` up at once.
  void call(const std::string& peer, int lines) {
    at(place_, [=, this] {
      peer_ = peer;
      for (int i = 0; i < lines; ++i) dial();
    });
  }
  /// No new calls; returns when the last one has ended.
  void hang_up() {
    at(place_, [this] {
      closing_ = true;
      if (calling_ == 0) idle_.set_value();
    });
    EXPECT_EQ(idle_.get_future().wait_for(patience), std::future_status::ready);
  }
  /// Shuts down, and gives the counters.
  peal::Counters finish() {
    auto down = at(place_, [this] { return ua_->shutdown(5s, asio::use_future); });
    EXPECT_EQ(down.wait_for(patience), std::future_status::ready);
    return at(place_, [this] { return *ua_->counters(); });
  }

  [[nodiscard]] Board board() const {
    const std::lock_guard lock(mutex_);
    return board_;
  }
  [[nodiscard]] std::uint64_t ended() const noexcept { return ended_; }
  [[nodiscard]] peal::UserAgent& ua() noexcept { return *ua_; }
  /// Gives the user agent away, for others to destroy.
  std::unique_ptr<peal::UserAgent> release() { return std::move(ua_); }
  [[nodiscard]] const Place& place() const noexcept { return place_; }

 private:
  struct Story {
    bool ours = false;
    std::string events;
  };

  void begin() {
    peal::Config config;
    config.listen = {place_.listen};
    ua_ = place_.make(std::move(config));
    EXPECT_TRUE(ua_->set_handler(this));
    for (const auto& user : {user_, user_ + "-desk"}) {
      peal::AccountConfig account;
      account.aor = "sip:" + user + "@peal.test";
      account.password = "secret";
      account.outbound_proxy = proxy_;
      auto added = ua_->add_account(std::move(account));
      ASSERT_TRUE(added);
      EXPECT_TRUE(added->start());
      (user == user_ ? account_ : desk_) = *added;
    }
    const std::lock_guard lock(mutex_);
    board_.account = account_;
  }
  void dial() {
    auto call = ua_->invite(peer_);
    ASSERT_TRUE(call) << call.error().message();
    stories_[call->id()].ours = true;
    ++calling_;
    const std::lock_guard lock(mutex_);
    board_.call = *call;
  }
  Story& told(const peal::Call& call, char event) {
    EXPECT_TRUE(place_.here());
    auto& story = stories_[call.id()];
    story.events += event;
    return story;
  }

  void on_incoming_call(peal::IncomingCall& call) override {
    EXPECT_TRUE(stories_.find(call.id()) == stories_.end());
    told(call, 'i');
    const auto request = call.request();
    EXPECT_TRUE(request && call.ring() && call.answer());
    const std::lock_guard lock(mutex_);
    board_.incoming = call;
    if (request) board_.request = *request;
  }
  void on_progress(peal::Call&, const peal::Progress& event) override {
    EXPECT_TRUE(place_.here());
    const std::lock_guard lock(mutex_);
    board_.response = event.response;
  }
  void on_established(peal::Call& call, const peal::Established&) override {
    if (told(call, 'e').ours) {
      EXPECT_TRUE(call.hold());
    }
  }
  void on_changed(peal::Call& call, const peal::Changed& event) override {
    const bool held = event.hold != peal::HoldState::none;
    if (!told(call, held ? 'h' : 'r').ours) return;
    EXPECT_TRUE(held ? call.resume() : call.hang_up());
  }
  void on_change_failed(peal::Call& call, const peal::ChangeFailed& event) override {
    told(call, 'f');
    ADD_FAILURE() << event.code << ' ' << event.reason;
  }
  void on_ended(peal::Call& call, const peal::Ended& event) override {
    const Story story = told(call, '.');
    EXPECT_EQ(story.events, story.ours ? "ehr." : "iehr.") << event.cause.code << ' ' << event.cause.text;
    stories_.erase(call.id());
    if (last_) {
      EXPECT_EQ(last_.state().error(), make_error_code(peal::errc::ended));
    }
    last_ = call;
    ++ended_;
    if (!story.ours) return;
    --calling_;
    if (ended_ % 16 == 0) {
      EXPECT_TRUE(account_.start());
    }
    if (!closing_) return dial();
    if (calling_ == 0) idle_.set_value();
  }
  void on_registration(peal::Account& account, const peal::RegistrationEvent& event) override {
    EXPECT_TRUE(place_.here());
    if (closing_) return;
    EXPECT_NE(event.state, peal::RegistrationState::failed) << event.cause.code << ' ' << event.cause.text;
    const bool there = event.state == peal::RegistrationState::registered;
    if (account == desk_) {
      EXPECT_TRUE(there ? desk_.stop() : desk_.start());
    } else if (there && !std::exchange(told_registered_, true)) {
      registered_.set_value();
    }
  }

  Place place_;
  std::string user_;
  std::string proxy_;
  std::promise<void> registered_;
  std::promise<void> idle_;

  // at its place
  std::unique_ptr<peal::UserAgent> ua_;
  peal::Account account_;
  peal::Account desk_;  // comes and goes
  peal::Call last_;     // has ended; its slot is used again
  std::string peer_;
  std::map<std::uint64_t, Story> stories_;
  int calling_ = 0;
  bool told_registered_ = false;
  bool closing_ = false;

  // anywhere
  std::atomic<std::uint64_t> ended_{0};
  mutable std::mutex mutex_;
  Board board_;
};

/// Registrar and proxy of peal.test.
class Server {
 public:
  explicit Server(Place place) : place_(std::move(place)) {
    at(place_, [this] {
      peal::Config config;
      config.listen = {place_.listen};
      ua_ = place_.make(std::move(config));
      peal::RegistrarConfig registrar;
      registrar.domains = {"peal.test"};
      for (const char* user : {"alice", "alice-desk", "bob", "bob-desk"}) {
        peal::Credentials credentials;
        credentials.username = user;
        credentials.password = "secret";
        registrar.users.push_back(std::move(credentials));
      }
      EXPECT_TRUE(ua_->install<peal::Registrar>(registrar));
      proxy_ = "sip:" + ua_->listening().at(0).substr(4);
    });
  }
  ~Server() {
    at(place_, [this] { ua_.reset(); });
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  [[nodiscard]] const std::string& proxy() const noexcept { return proxy_; }

 private:
  Place place_;
  std::unique_ptr<peal::UserAgent> ua_;
  std::string proxy_;
};

/// All three, calling.
struct World {
  World(const Place& for_server, const Place& for_alice, const Place& for_bob)
      : server(for_server), alice(for_alice, "alice", server.proxy()), bob(for_bob, "bob", server.proxy()) {
    alice.call("sip:bob@peal.test", 2);
    bob.call("sip:alice@peal.test", 2);
  }
  Server server;
  Phone alice;
  Phone bob;
};

}  // namespace foreign
