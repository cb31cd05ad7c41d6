#pragma once

#include <peal/testing/simulator.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace sim_ear {

/// A socket that keeps what it hears.
struct Ear final : peal::transport::DatagramSink {
  Ear(peal::sim::Simulator& simulator, peal::sim::Host& host, std::uint16_t port = 5060)
      : Ear(simulator, host, host.endpoint(port)) {}
  Ear(peal::sim::Simulator& simulator, peal::sim::Host& host, const peal::transport::Endpoint& local)
      : world(simulator) {
    socket = host.runtime().network().open_datagram(local, *this).value();
    runtime = &host.runtime();
  }
  void say(const std::string& text, const peal::transport::Endpoint& to) const {
    socket->send(peal::transport::SharedBytes(text), to);
  }
  void say(const std::string& text, const Ear& to) const { say(text, to.socket->local()); }
  void on_datagram(const peal::transport::Datagram& datagram) override {
    EXPECT_TRUE(runtime->in_turn());
    heard.emplace_back(datagram.data, datagram.size);
    times.push_back(world.elapsed());
    peers.push_back(datagram.peer);
    if (datagram.size > 0) datagram.data[0] = '!';  // the slot may be written
  }
  void on_unreachable(const peal::transport::Endpoint& peer, std::error_code why) override {
    EXPECT_TRUE(runtime->in_turn());
    unreachable.emplace_back(peer, why);
  }
  peal::sim::Simulator& world;
  peal::transport::Runtime* runtime = nullptr;
  std::unique_ptr<peal::transport::DatagramSocket> socket;
  std::vector<std::string> heard;
  std::vector<peal::transport::Duration> times;
  std::vector<peal::transport::Endpoint> peers;
  std::vector<std::pair<peal::transport::Endpoint, std::error_code>> unreachable;
};

inline peal::transport::Endpoint at(const char* text) { return peal::transport::Endpoint::parse(text).value(); }

}  // namespace sim_ear
