#pragma once

#include <peal/modules/registrar.hpp>
#include <peal/testing/raw_peer.hpp>
#include <peal/testing/simulator.hpp>
#include <peal/user_agent.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace registrar_world {

using namespace std::chrono_literals;
using namespace peal;

inline Config at(const char* address) {
  Config config;
  config.listen = {std::string("udp:") + address};
  config.user_agent = "";
  return config;
}

inline Credentials user(const char* name, const char* password) {
  Credentials out;
  out.username = name;
  out.password = password;
  return out;
}

/// A registrar for example.com at 192.0.2.10, and bare sockets: a phone at 192.0.2.1, another at 192.0.2.2.
struct World {
  explicit World(RegistrarConfig config = {}) {
    config.domains.emplace_back("Example.COM");
    auto installed = server->install<Registrar>(std::move(config));
    EXPECT_TRUE(installed);
    module = *installed;
  }

  /// A REGISTER of alice's; `lines` hold Contact and Expires.
  std::string register_text(std::vector<std::string> lines) {
    sim::Ask ask = start("REGISTER", "sip:example.com");
    ask.to = "<sip:alice@example.com>";
    ask.call_id = call_id;
    ask.cseq = ++cseq;
    ask.lines = std::move(lines);
    return sim::request_text(ask);
  }
  sim::Ask start(std::string method, std::string uri) {
    sim::Ask ask;
    ask.method = std::move(method);
    ask.uri = std::move(uri);
    ask.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKt" + std::to_string(++branch);
    ask.from = "<sip:alice@example.com>;tag=a";
    ask.to = "<sip:bob@example.com>";
    ask.call_id = "call" + std::to_string(branch);
    return ask;
  }
  /// What the server answers; empty when it is silent.
  std::string ask(const std::string& request) {
    phone.clear();
    phone.send(request, server_host.endpoint());
    sim.run_for(100ms);
    auto message = phone.pop();
    return message ? message->text : std::string();
  }
  int register_code(std::vector<std::string> lines) { return sim::status_of(ask(register_text(std::move(lines)))); }
  std::vector<RegistrarBinding> alice() { return module->bindings("sip:alice@example.com"); }
  /// bob's phone is the other socket.
  void register_bob() {
    sim::Ask ask = start("REGISTER", "sip:example.com");
    ask.from = ask.to = "<sip:bob@example.com>";
    ask.lines = {"Contact: <sip:bob@192.0.2.2:5060>"};
    EXPECT_EQ(sim::status_of(this->ask(sim::request_text(ask))), 200);
  }

  sim::Simulator sim{7};
  sim::Host& server_host = sim.host("server", {"192.0.2.10"});
  sim::Host& phone_host = sim.host("phone", {"192.0.2.1"});
  sim::Host& other_host = sim.host("other", {"192.0.2.2"});
  std::unique_ptr<UserAgent> server = std::make_unique<UserAgent>(server_host.runtime(), at("192.0.2.10"));
  sim::RawPeer phone{sim, phone_host};
  sim::RawPeer other{sim, other_host};
  Registrar* module = nullptr;
  std::string call_id = "registration";
  unsigned cseq = 0;
  int branch = 0;
};

}  // namespace registrar_world
