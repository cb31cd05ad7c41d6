#include "corpus.hpp"

#include <peal/message/parse.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::size_t> allocations{0};
}

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace {

using namespace peal;

std::size_t allocated(auto work) {
  const auto before = allocations.load();
  work();
  return allocations.load() - before;
}

TEST(AllocationTest, AWarmParserTakesNothingFromTheHeap) {
  Parser parser;
  auto via = *Via::parse("SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1;received=192.0.2.9;rport=5060");
  for (const auto& file : peal_test::data_files("perf", ".sip")) {
    auto text = peal_test::read_data(file);
    text.resize(text.size() + Parser::padding);
    Parsed parsed{};
    EXPECT_EQ(allocated([&] { parsed = parser.parse(text.data(), text.size() - Parser::padding); }), 0U) << file;
    if (parsed != Parsed::request) continue;
    auto& request = parser.request();
    // as the transport does at receipt (RFC 3581): the value is the caller's, the edit is the parser's
    std::size_t for_the_value = allocated([&] {
      std::string printed;
      via.append_to(printed);
    });
    EXPECT_EQ(allocated([&] { request.replace_front(header::via, via); }), for_the_value) << file;
    EXPECT_EQ(request.top_via().params().value("received"), "192.0.2.9");
    EXPECT_EQ(allocated([&] { const Request kept = request; }), 1U) << file;
    const Request kept = request;
    EXPECT_EQ(allocated([&] { const Request shared = kept; }), 0U) << file;
    std::string out;
    EXPECT_LE(allocated([&] { request.append_to(out); }), 1U) << file;
    EXPECT_LE(allocated([&] {
                const Response response(request, StatusCode(200), "8321234356");
                out.clear();
                response.append_to(out);
              }),
              1U)
        << file;
  }
}

}  // namespace
