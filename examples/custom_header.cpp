// A typed header of one's own, `X-Queue: support;position=3`, without touching the library.
#include <peal/message/message.hpp>

#include <charconv>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>

/// Where a caller stands in a queue.
struct Queue {
  using View = Queue;  // what reading gives; here the value itself

  peal::Token name;
  unsigned position = 0;

  static peal::Result<Queue, peal::ParseError> parse(std::string_view text) {
    constexpr std::string_view parameter = ";position=";
    const auto name_size = std::min(text.find(';'), text.size());
    auto name = peal::Token::parse(text.substr(0, name_size));
    if (!name) return peal::fail(name.error());
    const auto at = name_size + parameter.size();
    if (!text.substr(name_size).starts_with(parameter))
      return peal::fail(peal::parse_errc::missing_parameter, static_cast<std::uint32_t>(name_size));
    Queue out{*name};
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + at, end, out.position);
    if (error != std::errc() || stop != end)
      return peal::fail(peal::parse_errc::bad_number, static_cast<std::uint32_t>(at));
    return out;
  }

  void append_to(std::string& out) const { out += name.text() + ";position=" + std::to_string(position); }
};

inline constexpr peal::Header<Queue> x_queue{"X-Queue", '\0', peal::Occurs::list, "example.com"};

int main() {
  peal::Request request(*peal::Method::parse("OPTIONS"), *peal::Uri::parse("sip:bob@example.com"));
  request.set(x_queue, Queue{*peal::Token::parse("support"), 3});
  if (auto ok = request.add(x_queue, "sales;position=12, returns;position=0"); !ok) return 1;

  if (const auto first = request.get(x_queue)) std::cout << "first: " << first->name.text() << '\n';
  request.each(x_queue, [](const auto& queue) {
    if (queue) std::cout << queue->name.text() << " at " << queue->position << '\n';
  });

  for (const auto* bad : {"support", "support;position=third", "sup port;position=1", "a;position=1\r\nEvil: 1"})
    if (const auto refused = request.set(x_queue, bad); !refused)
      std::cout << "refused: " << refused.error().message() << '\n';
  const auto why = Queue::parse("support;position=third").error();
  std::cout << why.message() << " at byte " << why.offset << '\n' << request.to_string();
}
