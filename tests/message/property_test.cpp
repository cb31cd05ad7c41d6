// parse(print(m)) == m for messages that are made up and edited at random, beside a model that knows nothing of how a
// message is held: lines of elements.
#include "generate.hpp"

#include <peal/message/parse.hpp>

#include <cstdlib>

namespace {

using namespace peal;
using generate::Random;

namespace property {

inline constexpr Header<NameAddr> my_target{"X-Target", 'z', Occurs::list, "a user's own"};
inline constexpr Header<Text> my_note{"X-Note", '\0', Occurs::lines, "a user's own"};

// ---- the model

struct ModelLine {
  std::string key;  ///< the header, whatever form of its name stands there
  std::string name, raw;
  std::vector<std::string> elements, separators;

  [[nodiscard]] std::string value() const {
    std::string out = elements.empty() ? "" : elements[0];
    for (std::size_t i = 1; i < elements.size(); ++i) out += separators[i - 1] + elements[i];
    return out;
  }
  void written_anew(std::string_view as) {
    name = as;
    raw = name + ": " + value();
  }
};

struct Model {
  std::string start, body;
  std::vector<ModelLine> lines;

  [[nodiscard]] std::size_t find(std::string_view key, std::size_t from = 0) const {
    while (from < lines.size() && lines[from].key != key) ++from;
    return from;
  }
  [[nodiscard]] bool has(std::string_view key) const { return find(key) < lines.size(); }
  [[nodiscard]] std::size_t behind_last(std::string_view key) const {
    auto at = lines.size();
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i].key == key) at = i + 1;
    return at;
  }
  void insert(std::size_t at, ModelLine line) {
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::move(line));
  }
  void erase(std::size_t at) { lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at)); }
  void remove(std::string_view key) {
    std::erase_if(lines, [&](const ModelLine& line) { return line.key == key; });
  }
  void set(ModelLine line) {
    const auto at = find(line.key);
    const auto key = line.key;
    if (at == lines.size()) return lines.push_back(std::move(line));
    lines[at] = std::move(line);
    for (auto i = lines.size(); --i > at;)
      if (lines[i].key == key) erase(i);
  }
  /// As RFC 3261 wants it on the wire: one Content-Length, and it is right.
  [[nodiscard]] std::vector<ModelLine> printed_lines() const {
    std::vector<ModelLine> out;
    bool length = false;
    for (const auto& line : lines) {
      if (line.key == "content-length" && std::exchange(length, true)) continue;
      out.push_back(line);
      if (line.key == "content-length" && line.value() != std::to_string(body.size())) {
        out.back().elements = {std::to_string(body.size())};
        out.back().written_anew(line.name);
      }
    }
    if (!length) {
      out.push_back({"content-length", "", "", {std::to_string(body.size())}, {}});
      out.back().written_anew("Content-Length");
    }
    return out;
  }
  [[nodiscard]] std::string print() const {
    std::string out = start + "\r\n";
    for (const auto& line : printed_lines()) out += line.raw + "\r\n";
    return out + "\r\n" + body;
  }
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

/// A line as some peer may have written it.
ModelLine made_line(Random& random, std::string_view name, char compact, std::vector<std::string> elements) {
  ModelLine line;
  line.key = lower(name);
  line.elements = std::move(elements);
  for (std::size_t i = 1; i < line.elements.size(); ++i) {
    constexpr std::array<std::string_view, 3> commas{", ", ",", " , "};
    line.separators.emplace_back(random.of(commas));
  }
  line.name = compact != '\0' && random.one_in(3) ? std::string(1, compact) : std::string(name);
  if (random.one_in(4))
    for (char& c : line.name)
      if (random.one_in(2)) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  constexpr std::array<std::string_view, 4> colons{": ", ":", " : ", ":\t"};
  line.raw = line.name + std::string(random.of(colons)) + line.value() + (random.one_in(8) ? "  " : "");
  return line;
}

/// A line as the library writes it.
ModelLine new_line(std::string_view name, std::vector<std::string> elements, std::string_view separator = ", ") {
  ModelLine line;
  line.key = lower(name);
  line.elements = std::move(elements);
  line.separators.assign(line.elements.size() - 1, std::string(separator));
  line.written_anew(name);
  return line;
}

// ---- the edits

enum Edit : std::uint8_t {
  set,
  add,
  push_front,
  replace_front,
  pop_front,
  remove,
  set_text,
  add_text,
  set_named,
  add_named,
  remove_named,
  edits
};

using Generator = std::string (*)(Random&);

template <class T>
std::string printed(const T& value) {
  std::string out;
  value.append_to(out);
  return out;
}

/// One edit of header `h` on both. Says what it did.
template <class T>
std::string edit(Message& message, Model& model, const Header<T>& h, Generator generator, Random& random) {
  const auto key = lower(h.name);
  const bool list = is_list(h.occurs);
  auto what = static_cast<Edit>(random.below(edits));
  // By its name alone a user's header is one that stands once a line, and has no compact form.
  if (h.id == 0 && what >= set_named) what = static_cast<Edit>(what - set_named);
  if (h.occurs == Occurs::once && model.has(key) && (what == add || what == push_front)) what = set;
  if (h.occurs == Occurs::once && model.has(key) && (what == add_text || what == add_named)) what = set_text;
  const auto text = generator(random);
  const auto typed = T::parse(text);
  EXPECT_TRUE(typed) << h.name << ": " << text;
  if (!typed) return "";
  const auto value = printed(*typed);
  const auto at = model.find(key);
  std::vector<std::string> texts{text};
  if (list && what >= set_text)
    for (auto n = random.below(3); n != 0; --n) texts.push_back(generator(random));
  auto line = new_line(h.name, texts, random.one_in(2) ? ", " : ",");
  switch (what) {
    case set:
      message.set(h, *typed);
      model.set(new_line(h.name, {value}));
      break;
    case add:
      message.add(h, *typed);
      model.insert(model.behind_last(key), new_line(h.name, {value}));
      break;
    case push_front:
      message.push_front(h, *typed);
      model.insert(at == model.lines.size() && key == "via" ? 0 : at, new_line(h.name, {value}));
      break;
    case replace_front:
      message.replace_front(h, *typed);
      if (at == model.lines.size()) {
        model.lines.push_back(new_line(h.name, {value}));
        break;
      }
      model.lines[at].elements[0] = value;
      if (auto& gaps = model.lines[at].separators; !gaps.empty()) gaps[0].erase(0, gaps[0].find(','));
      model.lines[at].written_anew(h.name);
      break;
    case pop_front:
      message.pop_front(h);
      if (at == model.lines.size()) break;
      if (model.lines[at].elements.size() == 1) {
        model.erase(at);
        break;
      }
      model.lines[at].elements.erase(model.lines[at].elements.begin());
      model.lines[at].separators.erase(model.lines[at].separators.begin());
      model.lines[at].written_anew(h.name);
      break;
    case remove:
      message.remove(h);
      model.remove(key);
      break;
    case set_text:
      EXPECT_TRUE(message.set(h, line.value())) << h.name << ": " << line.value();
      model.set(line);
      break;
    case add_text:
      EXPECT_TRUE(message.add(h, line.value())) << h.name << ": " << line.value();
      model.insert(model.behind_last(key), line);
      break;
    case set_named:
      EXPECT_TRUE(message.set(h.name, line.value())) << h.name << ": " << line.value();
      model.set(line);
      break;
    case add_named:
      EXPECT_TRUE(message.add(h.name, line.value())) << h.name << ": " << line.value();
      model.insert(model.behind_last(key), line);
      break;
    default:
      message.remove(h.name);
      model.remove(key);
      break;
  }
  return std::to_string(what) + " " + std::string(h.name) + " '" + text + "'; ";
}

/// A value of a header that must stay: only replaced.
template <class T>
std::string replace(Message& message, Model& model, const Header<T>& h, const std::string& text) {
  const auto typed = T::parse(text);
  EXPECT_TRUE(typed) << h.name << ": " << text;
  if (!typed) return "";
  message.set(h, *typed);
  model.set(new_line(h.name, {printed(*typed)}));
  return "= " + std::string(h.name) + " '" + text + "'; ";
}

std::string edit_body(Message& message, Model& model, Random& random) {
  if (random.one_in(4)) {
    message.clear_body();
    model.body.clear();
    for (const auto* key : {"content-type", "content-encoding", "content-disposition", "content-language"})
      model.remove(key);
    model.set(new_line("Content-Length", {"0"}));
    return "clear_body; ";
  }
  const auto type = MediaType::parse(generate::media_type(random)).value();
  model.body = generate::body(random);
  message.set_body(type, model.body);
  model.set(new_line("Content-Type", {type.text()}));
  model.set(new_line("Content-Length", {std::to_string(model.body.size())}));
  return "set_body; ";
}

/// What must be refused, and then change nothing.
std::string refused(Message& message, Random& random) {
  using namespace std::string_view_literals;
  constexpr std::array<std::string_view, 5> evil{"a\x10", "a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b"sv};
  const auto text = random.of(evil);
  EXPECT_FALSE(message.set("X-Any", text));
  EXPECT_FALSE(message.add(header::subject, text));
  EXPECT_FALSE(message.set(header::contact, "<sip:a"));
  EXPECT_FALSE(message.add("not a token", "x"));
  return "refused; ";
}

std::string any_edit(Message& message, Model& model, Random& random, std::string_view method) {
  switch (random.below(24)) {
    case 0: return edit_body(message, model, random);
    case 1: return refused(message, random);
    case 2: return replace(message, model, header::from, generate::name_addr(random, true));
    case 3: return replace(message, model, header::to, generate::name_addr(random, random.one_in(2)));
    case 4: return replace(message, model, header::call_id, generate::call_id(random));
    case 5:
      return replace(message, model, header::cseq, std::to_string(random.below(1U << 31U)) + " " + std::string(method));
    case 6: {  // never removed altogether
      message.push_front(header::via, *Via::parse("SIP/2.0/UDP a.example;branch=z9hG4bKtop"));
      model.insert(model.find("via") == model.lines.size() ? 0 : model.find("via"),
                   new_line("Via", {"SIP/2.0/UDP a.example;branch=z9hG4bKtop"}));
      return "push Via; ";
    }
    case 7:
    case 8: {
      if (std::count_if(model.lines.begin(), model.lines.end(), [](const auto& l) { return l.key == "via"; }) < 2)
        return "";
      message.pop_front(header::via);
      auto& line = model.lines[model.find("via")];
      if (line.elements.size() == 1) {
        model.erase(model.find("via"));
      } else {
        line.elements.erase(line.elements.begin());
        line.separators.erase(line.separators.begin());
        line.written_anew("Via");
      }
      return "pop Via; ";
    }
    case 9: return edit(message, model, header::route, generate::route, random);
    case 10: return edit(message, model, header::record_route, generate::route, random);
    case 11: return edit(message, model, header::supported, generate::token, random);
    case 12: return edit(message, model, header::require, generate::token, random);
    case 13: return edit(message, model, header::allow, generate::token, random);
    case 14: return edit(message, model, header::accept, generate::media_type, random);
    case 15: return edit(message, model, header::authorization, generate::credentials, random);
    case 16:
      return edit(
          message, model, header::user_agent, [](Random& r) { return "Peal" + generate::word(r); }, random);
    case 17: return edit(message, model, header::expires, generate::number, random);
    case 18: return edit(message, model, header::max_forwards, generate::number, random);
    case 19:
      return edit(
          message, model, my_target, [](Random& r) { return generate::name_addr(r); }, random);
    case 20: return edit(message, model, my_note, generate::text, random);
    case 21: {  // a wrong one is put right by the printer
      message.set(header::content_length, Number{7});
      model.set(new_line("Content-Length", {"7"}));
      return "Content-Length: 7; ";
    }
    default:
      return edit(
          message, model, header::contact, [](Random& r) { return generate::name_addr(r); }, random);
  }
}

// ---- messages to begin with

constexpr std::array<std::string_view, 6> methods{"INVITE", "OPTIONS", "REGISTER", "MESSAGE", "BYE", "x-NEW.method"};

Model made_message(Random& random, std::string_view method, bool response) {
  Model out;
  constexpr std::array<std::string_view, 4> reasons{"OK", "", "\xd0\xbd = 2**3", "Not  here"};
  out.start = response ? "SIP/2.0 " + std::to_string(100 + random.below(600)) + " " + std::string(random.of(reasons))
                       : std::string(method) + " " + generate::uri(random) + " SIP/2.0";
  std::vector<ModelLine> lines;
  const auto list = [&](std::string_view name, char compact, Generator generator) {
    std::vector<std::string> elements;
    for (auto n = 1 + random.below(3); n != 0; --n) elements.push_back(generator(random));
    lines.push_back(made_line(random, name, compact, std::move(elements)));
  };
  for (auto n = 1 + random.below(3); n != 0; --n) list("Via", 'v', generate::via);
  lines.push_back(made_line(random, "From", 'f', {generate::name_addr(random, true)}));
  lines.push_back(made_line(random, "To", 't', {generate::name_addr(random, random.one_in(2))}));
  lines.push_back(made_line(random, "Call-ID", 'i', {generate::call_id(random)}));
  lines.push_back(made_line(random, "CSeq", '\0', {"000" + generate::number(random) + "  " + std::string(method)}));
  if (random.one_in(2)) list("Contact", 'm', [](Random& r) { return generate::name_addr(r); });
  if (random.one_in(3)) list("Route", '\0', generate::route);
  if (random.one_in(3)) list("Record-Route", '\0', generate::route);
  if (random.one_in(3)) list("Supported", 'k', generate::token);
  if (random.one_in(3)) list("X-Target", 'z', [](Random& r) { return generate::name_addr(r); });
  if (random.one_in(3)) list("X-Target", 'z', [](Random& r) { return generate::name_addr(r); });
  if (random.one_in(2)) lines.push_back(made_line(random, "Max-Forwards", '\0', {generate::number(random)}));
  if (random.one_in(3)) lines.push_back(made_line(random, "X-Other", '\0', {generate::text(random)}));
  if (random.one_in(3)) lines.push_back(made_line(random, "Timestamp", '\0', {"54.2"}));
  if (random.one_in(4)) lines.push_back(made_line(random, "Authorization", '\0', {generate::credentials(random)}));
  if (random.one_in(4)) list("Accept", '\0', generate::media_type);
  if (random.one_in(4)) list("Allow", '\0', generate::token);
  while (!lines.empty()) {
    const auto at = static_cast<std::ptrdiff_t>(random.below(lines.size()));
    out.lines.push_back(std::move(lines[static_cast<std::size_t>(at)]));
    lines.erase(lines.begin() + at);
  }
  if (random.one_in(2)) out.body = generate::body(random);
  if (!out.body.empty() || random.one_in(2))
    out.lines.push_back(made_line(random, "Content-Length", 'l', {std::to_string(out.body.size())}));
  return out;
}

/// RFC 3261 §8.2.6.2.
Model answer_of(const Model& request, std::uint16_t code, std::string_view tag, bool has_tag) {
  Model out;
  out.start = "SIP/2.0 " + std::to_string(code) + " Reason";
  for (auto line : request.lines) {
    const bool copied = line.key == "via" || line.key == "from" || line.key == "to" || line.key == "call-id" ||
                        line.key == "cseq" || (line.key == "timestamp" && code == 100);
    if (!copied) continue;
    if (line.key == "to" && !has_tag && code != 100) {
      line.elements[0] += ";tag=" + std::string(tag);
      line.written_anew(line.name);
    }
    out.lines.push_back(line);
  }
  return out;
}

// ---- message against model

void expect_same(const Message& message, const std::vector<ModelLine>& lines, std::string_view body) {
  ASSERT_EQ(message.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    ASSERT_EQ(message.field(i).name, lines[i].name);
    ASSERT_EQ(message.field(i).value, lines[i].value()) << lines[i].name;
  }
  ASSERT_EQ(message.body(), body);
}

template <class T>
void expect_elements(const Message& message, const std::vector<ModelLine>& lines, const Header<T>& h) {
  std::vector<std::string> expected;
  for (const auto& line : lines)
    if (line.key == lower(h.name)) expected.insert(expected.end(), line.elements.begin(), line.elements.end());
  std::size_t i = 0;
  std::string other;
  const auto note = [&](std::string_view is, std::string_view should) {
    if (is != should) other = "'" + std::string(is) + "' is not '" + std::string(should) + "'";
  };
  message.each(h, [&](const auto& element) {
    EXPECT_TRUE(element) << h.name << ": " << (i < expected.size() ? expected[i] : "none") << ": "
                         << (element ? "" : element.error().message());
    if constexpr (requires { element->text(); }) {
      if (element && i < expected.size()) note(element->text(), expected[i]);
    } else if constexpr (std::is_same_v<typename T::View, std::string_view>) {
      if (element && i < expected.size()) note(*element, expected[i]);
    }
    ++i;
  });
  ASSERT_EQ(other, "") << h.name;
  ASSERT_EQ(i, expected.size()) << h.name;
}

void expect_read_alike(const Message& message, const Model& model, const std::vector<ModelLine>& lines) {
  expect_elements(message, lines, header::via);
  expect_elements(message, lines, header::contact);
  expect_elements(message, lines, header::route);
  expect_elements(message, lines, header::supported);
  expect_elements(message, lines, header::accept);
  expect_elements(message, lines, header::allow);
  expect_elements(message, lines, header::authorization);
  expect_elements(message, lines, my_target);
  expect_elements(message, lines, my_note);
  ASSERT_EQ(message.top_via().text(), model.lines[model.find("via")].elements[0]);
  ASSERT_EQ(message.from().text(), model.lines[model.find("from")].value());
  ASSERT_EQ(message.to().text(), model.lines[model.find("to")].value());
  ASSERT_EQ(message.call_id(), model.lines[model.find("call-id")].value());
}

/// The message is the model, and so is what comes of printing and parsing it.
template <class M>
void expect_round_trip(const M& message, const Model& model) {
  const auto text = model.print();
  ASSERT_EQ(message.to_string(), text);
  ASSERT_EQ(message.printed_size(), text.size());
  std::string room(text.size(), '\0');
  ASSERT_EQ(message.print_to(room).value_or(0), text.size());
  ASSERT_EQ(room, text);
  ASSERT_NO_FATAL_FAILURE(expect_same(message, model.lines, model.body));
  ASSERT_NO_FATAL_FAILURE(expect_read_alike(message, model, model.lines));
  const auto again = M::parse(text);
  ASSERT_TRUE(again) << again.error().message() << " at " << again.error().offset << "\n" << text;
  const auto lines = model.printed_lines();
  ASSERT_NO_FATAL_FAILURE(expect_same(*again, lines, model.body));
  ASSERT_NO_FATAL_FAILURE(expect_read_alike(*again, model, lines));
  ASSERT_EQ(again->to_string(), text);
  ASSERT_EQ(again->cseq(), message.cseq());
  ASSERT_EQ(again->from_tag(), message.from_tag());
  ASSERT_EQ(again->to_tag(), message.to_tag());
  if constexpr (std::is_same_v<M, Request>) {
    ASSERT_EQ(again->method(), message.method());
    ASSERT_EQ(again->uri().text(), message.uri().text());
  } else {
    ASSERT_EQ(again->status().value(), message.status().value());
    ASSERT_EQ(again->reason(), message.reason());
  }
}

template <class M>
void edit_and_check(M& message, Model& model, Random& random, std::string_view method, std::string& story) {
  ASSERT_NO_FATAL_FAILURE(expect_round_trip(message, model));
  for (auto n = random.below(10); n != 0; --n) {
    const bool share = random.one_in(4);
    const M copy = share ? message : M();
    const auto before = model.print();
    story += any_edit(message, model, random, method);
    if constexpr (std::is_same_v<M, Request>) {
      if (random.one_in(12)) {
        const auto uri = Uri::parse(generate::uri(random)).value();
        message.set_uri(uri);
        model.start = std::string(method) + " " + uri.text() + " SIP/2.0";
        story += "set_uri; ";
      }
    }
    ASSERT_TRUE(!share || copy.to_string() == before) << "an edit of one copy is none of the other";
  }
  ASSERT_NO_FATAL_FAILURE(expect_round_trip(message, model));
}

void run(std::uint64_t seed, std::string& story) {
  Random random(seed);
  const auto method = random.of(methods);
  const bool response = random.one_in(4);
  auto model = made_message(random, method, response);
  auto text = model.print();
  if (!model.has("content-length")) text = text.substr(0, text.rfind("Content-Length")) + "\r\n" + model.body;
  // Lent by a parser and edited there, or one's own.
  static Parser parser;
  std::vector<char> slot(text.begin(), text.end());
  slot.resize(text.size() + Parser::padding);
  const auto parsed = parser.parse(slot.data(), text.size());
  ASSERT_EQ(parsed, response ? Parsed::response : Parsed::request)
      << parser.error().message() << " at " << parser.error().offset << "\n"
      << text;
  const bool lent = random.one_in(2);
  if (response) {
    if (lent) return edit_and_check(parser.response(), model, random, method, story);
    Response own = parser.response();
    return edit_and_check(own, model, random, method, story);
  }
  if (random.one_in(4)) {
    const auto code = static_cast<std::uint16_t>(100 + random.below(600));
    auto answer_model = answer_of(model, code, "mine", !parser.request().to_tag().empty());
    Response answer(parser.request(), StatusCode(code), "mine", "Reason");
    story += "answer; ";
    ASSERT_NO_FATAL_FAILURE(edit_and_check(answer, answer_model, random, method, story));
  }
  if (lent) return edit_and_check(parser.request(), model, random, method, story);
  Request own = parser.request();
  edit_and_check(own, model, random, method, story);
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace property

/// PEAL_PROPERTY_MESSAGES: how many. PEAL_PROPERTY_SEED: the first one's seed, to see a failure again.
TEST(PropertyTest, WhatIsPrintedParsesToTheSameMessage) {
  const auto count = property::from_environment("PEAL_PROPERTY_MESSAGES", 4'000);
  const auto first = property::from_environment("PEAL_PROPERTY_SEED", 3261);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    std::string story;
    property::run(seed, story);
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << "PEAL_PROPERTY_SEED=" << seed << " PEAL_PROPERTY_MESSAGES=1\n" << story;
      return;
    }
  }
}

}  // namespace
