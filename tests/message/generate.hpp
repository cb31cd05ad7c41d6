#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

/// Random pieces of SIP that RFC 3261 §25.1 allows, for tests that make messages up.
namespace generate {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class C>
  const auto& of(const C& choices) {
    return choices[below(std::size(choices))];
  }

 private:
  std::mt19937_64 engine_;
};

inline std::string some(Random& random, std::string_view alphabet, std::size_t least, std::size_t most) {
  std::string out(least + random.below(most - least + 1), '\0');
  for (char& c : out) c = alphabet[random.below(alphabet.size())];
  return out;
}

inline constexpr std::string_view alphanum = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

inline std::string token(Random& random) {
  return some(random, "abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789-.!%*_+`'~", 1, 10);
}
inline std::string word(Random& random) { return some(random, alphanum, 1, 8); }

/// With what tries to end it: quotes, commas, angle brackets, semicolons.
inline std::string quoted(Random& random) {
  std::string out = "\"";
  for (auto n = random.below(12); n != 0; --n) {
    constexpr std::array<std::string_view, 12> pieces{"a", "Z",    " ",    ",", ";",        "<",
                                                      ">", "\\\"", "\\\\", "@", "\xc3\xa9", "="};
    out += random.of(pieces);
  }
  return out + '"';
}

inline std::string host(Random& random) {
  switch (random.below(4)) {
    case 0: return "192.0.2." + std::to_string(random.below(256));
    case 1: return "[2001:db8::" + some(random, "0123456789abcdef", 1, 4) + "]";
    default: return "h" + some(random, "abc019", 0, 6) + ".example" + (random.one_in(3) ? "." : "");
  }
}
inline std::string port(Random& random) {
  return random.one_in(3) ? ":" + std::to_string(1 + random.below(65535)) : std::string();
}

inline std::string user(Random& random) {
  std::string out;
  for (auto n = 1 + random.below(8); n != 0; --n) {
    constexpr std::array<std::string_view, 8> pieces{"a", "B", "7", "%20", "%2C", "-", "+", "."};
    out += random.of(pieces);
  }
  return out;
}

/// `plain`: one that needs no angle brackets.
inline std::string uri(Random& random, bool plain = false) {
  if (random.one_in(12)) return "tel:+1" + some(random, "0123456789-", 3, 9);
  if (random.one_in(20)) return "urn:service:" + word(random);
  std::string out = random.one_in(5) ? "sips:" : "sip:";
  if (!random.one_in(4)) out += user(random) + (random.one_in(6) ? ":pw" + word(random) : "") + "@";
  out += host(random) + port(random);
  if (plain) return out;
  for (std::size_t n = random.below(3), i = 0; i < n; ++i)
    out += ";p" + std::to_string(i) + word(random) + (random.one_in(3) ? "" : "=" + word(random));
  if (random.one_in(6)) out += "?h" + word(random) + "=" + word(random);
  return out;
}

inline std::string params(Random& random) {
  std::string out;
  for (std::size_t n = random.below(4), i = 0; i < n; ++i) {
    out += random.one_in(4) ? " ; " : ";";
    out += "x" + std::to_string(i) + word(random);
    if (random.one_in(3)) continue;
    out += random.one_in(5) ? " = " : "=";
    out += random.one_in(3) ? quoted(random) : token(random);
  }
  return out;
}

/// From and To get a tag.
inline std::string name_addr(Random& random, bool tag = false) {
  std::string out;
  if (random.one_in(4)) {
    out = uri(random, true);
  } else {
    if (random.one_in(3))
      out = quoted(random) + (random.one_in(2) ? " " : "");
    else if (random.one_in(3))
      out = word(random) + " " + token(random) + " ";
    out += "<" + uri(random) + ">";
  }
  if (tag) out += ";tag=" + token(random);
  return out + params(random);
}

inline std::string route(Random& random) { return "<sip:" + host(random) + port(random) + ";lr>"; }

inline std::string via(Random& random) {
  constexpr std::array<std::string_view, 5> transports{"UDP", "TCP", "TLS", "WS", "X-NEW"};
  std::string out = random.one_in(8) ? "SIP / 2.0 / " : "SIP/2.0/";
  out += random.of(transports);
  out += " " + host(random) + port(random) + ";branch=z9hG4bK" + token(random);
  if (random.one_in(3)) out += ";rport";
  if (random.one_in(4)) out += ";received=192.0.2." + std::to_string(random.below(256));
  return out;
}

inline std::string media_type(Random& random) {
  return word(random) + "/" + word(random) + (random.one_in(3) ? ";charset=" + quoted(random) : "");
}

inline std::string credentials(Random& random) {
  return "Digest realm=" + quoted(random) + ", nonce=\"" + word(random) + "\"" +
         (random.one_in(2) ? ",algorithm=" + word(random) : "");
}

inline std::string text(Random& random) {
  std::string out = some(random, "abc DEF,;:\"<>()=\xc3\xa9", 0, 24);
  while (!out.empty() && out.front() == ' ') out.erase(0, 1);
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

inline std::string number(Random& random) { return std::to_string(random.below(256)); }

inline std::string call_id(Random& random) {
  return some(random, "abcXYZ019-.!%*_+`'~()<>:\\/\"[]?{}", 1, 20) + (random.one_in(2) ? "@" + word(random) : "");
}

inline std::string body(Random& random) {
  std::string out(random.below(40), '\0');
  for (char& c : out) c = random.one_in(4) ? "\r\n\0:"[random.below(4)] : static_cast<char>(random.below(256));
  return out;
}

}  // namespace generate
