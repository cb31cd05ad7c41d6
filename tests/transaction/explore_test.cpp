#include "layer_fixture.hpp"

#include <cstdlib>
#include <iostream>

// Every order of events to a depth, through the whole layer, against what must hold whatever the order:
// it ends, with one terminal event, no message goes out that the figures do not draw, and no object is left.

namespace transaction_test {
namespace {

int depth_or(int usual) {
  const char* wanted = std::getenv("PEAL_EXPLORE_DEPTH");
  return wanted == nullptr ? usual : std::atoi(wanted);
}

class Explore : public LayerTest {
 protected:
  /// Calls `run` with each word of that many letters.
  template <class F>
  void each_order(std::string_view letters, int depth, F run) {
    std::string word(static_cast<std::size_t>(depth), letters[0]);
    std::size_t orders = 0;
    const auto extend = [&](auto& self, std::size_t at) -> void {
      if (at == word.size()) {
        SCOPED_TRACE(word);
        run(word);
        ++orders;
        return;
      }
      for (const char letter : letters) {
        word[at] = letter;
        self(self, at + 1);
        if (HasFailure()) return;
      }
    };
    extend(extend, 0);
    std::cout << orders << " orders of \"" << letters << "\" to depth " << depth << '\n';
  }
  void fresh() {
    recorder.said.clear();
    recorder.requests.clear();
    sent_at.clear();
    bob.clear();
  }
  std::size_t sent(std::string_view start) const {
    std::size_t n = 0;
    for (const auto& [time, text] : sent_at) n += text.starts_with(start) ? 1U : 0U;
    return n;
  }
  std::size_t count(std::string_view start) const {
    std::size_t n = 0;
    for (const auto& word : recorder.said) n += word.starts_with(start) ? 1U : 0U;
    return n;
  }
  /// An ICMP report about bob: the next datagram to him fails.
  void report_unreachable() {
    alice.fail_send(1);
    auto probe = request_of(method::ack);
    ASSERT_TRUE(layer->send_ack(probe, target()));
    settle();
  }
};

// p 180, s 200, f 486, u unreachable, c cancel, t 600 ms, T 33 s
TEST_F(Explore, ClientInvite) {
  each_order("psfuctT", depth_or(5), [&](const std::string& word) {
    fresh();
    const auto id = send(method::invite);
    const auto invite = heard("INVITE");
    bool cancelled = false, provisional = false;
    std::size_t final_code = 0, rejections = 0;
    Duration since_final{}, now{};
    const auto over = [&] { return !layer->packet(id).has_value(); };
    for (const char letter : word) {
      const bool was_over = over();
      const auto ups = recorder.said.size();
      switch (letter) {
        case 'p':
          answer(invite, 180);
          provisional |= !was_over;
          EXPECT_EQ(recorder.said.size() - ups, was_over ? 0U : 1U);
          break;
        case 's':
          answer(invite, 200);
          if (!was_over) final_code = 200;
          break;
        case 'f':
          answer(invite, 486);
          if (!was_over) final_code = 486, since_final = now;
          if (final_code == 486 && now - since_final < 32s) ++rejections;
          break;
        case 'u': report_unreachable(); break;
        case 'c':
          EXPECT_EQ(layer->cancel(id).has_value(), !was_over);
          cancelled |= !was_over;
          settle();
          break;
        case 't': sim.run_for(600ms), now += 600ms; break;
        case 'T': sim.run_for(33s), now += 33s; break;
        default: break;
      }
      // Behind the final nothing comes but further 2xx.
      for (std::size_t i = ups; was_over && i < recorder.said.size(); ++i) EXPECT_EQ(recorder.said[i], "2xx 200");
    }
    if (!over()) {
      EXPECT_TRUE(layer->cancel(id));
      cancelled = true;
    }
    settle();
    sim.run_for(70s);
    EXPECT_TRUE(over());
    // One terminal event.
    EXPECT_EQ(count("200") + count("486") + count("failure"), 1U);
    if (count("2xx") > 0) {
      EXPECT_EQ(count("200"), 1U);
    }
    // The ACKs of hops: one for each rejection heard while Completed, less those that met a send failure.
    EXPECT_EQ(sent("ACK sip:bob@192.0.2.2 SIP/2.0\r\nVia: " + *sim::header_of(invite.text, "Via") + "\r\n"), rejections);
    if (sent("CANCEL") > 0) {
      EXPECT_TRUE(cancelled && provisional);
    }
    for (const auto& [time, text] : sent_at)
      EXPECT_TRUE(text.starts_with("INVITE ") || text.starts_with("ACK ") || text.starts_with("CANCEL ")) << text;
    expect_nothing_left();
  });
}

// p 100, s 200, u unreachable, t 600 ms, T 33 s
TEST_F(Explore, ClientNonInvite) {
  each_order("psutT", depth_or(6), [&](const std::string& word) {
    fresh();
    const auto id = send(method::options);
    const auto options = heard("OPTIONS");
    for (const char letter : word) {
      const bool over = !layer->packet(id).has_value();
      const auto ups = recorder.said.size();
      switch (letter) {
        case 'p': answer(options, 100); break;
        case 's': answer(options, 200); break;
        case 'u': report_unreachable(); break;
        case 't': sim.run_for(600ms); break;
        case 'T': sim.run_for(33s); break;
        default: break;
      }
      if (over) {
        EXPECT_EQ(recorder.said.size(), ups);
      }
    }
    sim.run_for(40s);
    EXPECT_EQ(count("200") + count("failure"), 1U);
    EXPECT_LE(sent("OPTIONS"), 12U);
    EXPECT_EQ(sent("CANCEL"), 0U);
    expect_nothing_left();
  });
}

// i INVITE copy, a ACK, c CANCEL, 1 180, 2 200, 4 486, u unreachable, T 33 s
TEST_F(Explore, ServerInvite) {
  each_order("iac124uT", depth_or(5), [&](const std::string& word) {
    fresh();
    ask("INVITE");
    ASSERT_EQ(recorder.requests.size(), 1U);
    const auto first = recorder.requests[0];
    bool accepted = false, rejected = false;
    for (const char letter : word) {
      const bool awaits = layer->awaits_response(first);
      const auto ups = recorder.said.size();
      const bool one_awaits = layer->awaits_response(recorder.requests.back());
      const auto cancels = count("cancel");
      switch (letter) {
        case 'i': ask("INVITE"); break;
        case 'a': ask("ACK", "z9hG4bKbob1", "t1"); break;
        case 'c':
          ask("CANCEL");
          EXPECT_LE(count("cancel"), cancels + 1);
          break;
        case '1': EXPECT_EQ(layer->respond(first, Response(*recorder.last_request, StatusCode(180), "t1")).has_value(), awaits); break;
        case '2':
          EXPECT_EQ(layer->respond(first, Response(*recorder.last_request, StatusCode(200), "t1")).has_value(), awaits);
          accepted |= awaits;
          break;
        case '4':
          EXPECT_EQ(layer->respond(first, Response(*recorder.last_request, StatusCode(486), "t1")).has_value(), awaits);
          rejected |= awaits;
          break;
        case 'u': report_unreachable(); break;
        case 'T': sim.run_for(33s); break;
        default: break;
      }
      settle();
      // What the user hears follows from the state alone.
      for (std::size_t i = ups; i < recorder.said.size(); ++i) {
        const auto& word_said = recorder.said[i];
        if (word_said == "cancel") {
          EXPECT_TRUE(one_awaits);
        }
        if (word_said.starts_with("server failure") && recorder.requests.size() == 1) {
          EXPECT_TRUE(rejected);
        }
        if (word_said == "request INVITE") {
          EXPECT_TRUE(accepted || rejected);  // forgotten, and so new
        }
      }
      if (letter == 'c' && awaits && recorder.requests.size() == 1) {
        EXPECT_EQ(sent("SIP/2.0 481"), 0U);
      }
    }
    EXPECT_EQ(recorder.requests[0], first);
    EXPECT_FALSE(accepted && rejected);
    for (const auto id : recorder.requests)
      if (layer->awaits_response(id)) {
        EXPECT_TRUE(layer->respond(id, Response(*recorder.last_request, StatusCode(603), "t1")));
      }
    sim.run_for(70s);
    // At most one failure each, and none for what was accepted.
    EXPECT_LE(count("server failure"), recorder.requests.size());
    for (const auto& [time, text] : sent_at)
      EXPECT_TRUE(text.starts_with("SIP/2.0 ") || text.starts_with("ACK ")) << text;
    expect_nothing_left();
  });
}

// r copy, 1 100, 2 200, c CANCEL, u unreachable, t 4 s, T 33 s
TEST_F(Explore, ServerNonInvite) {
  each_order("r12cutT", depth_or(5), [&](const std::string& word) {
    fresh();
    ask("OPTIONS");
    ASSERT_EQ(recorder.requests.size(), 1U);
    const auto first = recorder.requests[0];
    for (const char letter : word) {
      const bool awaits = layer->awaits_response(first);
      switch (letter) {
        case 'r': ask("OPTIONS"); break;
        case '1':
          if (layer->respond(first, Response(*recorder.last_request, StatusCode(100)))) {
            EXPECT_TRUE(awaits);
          }
          break;
        case '2': EXPECT_EQ(layer->respond(first, Response(*recorder.last_request, StatusCode(200), "t1")).has_value(), awaits); break;
        case 'c': ask("CANCEL"); break;
        case 'u': report_unreachable(); break;
        case 't': sim.run_for(4s); break;
        case 'T': sim.run_for(33s); break;
        default: break;
      }
      settle();
    }
    sim.run_for(70s);
    EXPECT_EQ(count("cancel"), 0U);
    EXPECT_EQ(sent("SIP/2.0 408"), 0U);
    EXPECT_LE(count("server failure"), recorder.requests.size());
    for (const auto& [time, text] : sent_at)
      EXPECT_TRUE(text.starts_with("SIP/2.0 ") || text.starts_with("ACK ")) << text;
    expect_nothing_left();
  });
}

}  // namespace
}  // namespace transaction_test
