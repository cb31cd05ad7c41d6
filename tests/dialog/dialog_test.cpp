#include "ua_fixture.hpp"

#include <peal/dialog/dialog.hpp>

namespace {

using namespace dialog_testing;

std::string dialog_message(std::string_view start, std::string_view extra, bool to_tag,
                           std::string_view cseq = "7 INVITE") {
  return sim::crlf(std::string(start) +
                   "\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\nFrom: \"A\" <sip:a@example.com>;tag=from\n" +
                   "To: <sip:b@example.com>" + (to_tag ? ";tag=to" : "") +
                   "\nCall-ID: c@h\nCSeq: " + std::string(cseq) + "\n" + std::string(extra) + "Content-Length: 0\n\n");
}

std::string routes_of(const Message& message) {
  std::string out;
  message.each(header::route, [&](const auto& route) {
    if (!out.empty()) out += " ";
    out += route ? std::string(route->text()) : "(bad)";
  });
  return out;
}

struct DialogRow {
  const char* name;
  const char* record_route;  ///< as the UAC's 2xx and the UAS's INVITE carry it
  const char* uac_uri;
  const char* uac_route;
  const char* uac_hop;
  const char* uas_uri;
  const char* uas_route;
  const char* uas_hop;
};

// RFC 3261 §12.1, §12.2.1.1: {UAC, UAS} × {0, 1, 3 Record-Route} × {loose, strict}
const DialogRow dialog_rows[] = {
    {"none", "", "sip:b@192.0.2.2", "", "sip:b@192.0.2.2", "sip:a@192.0.2.1", "", "sip:a@192.0.2.1"},
    {"one loose", "Record-Route: <sip:p1.example.com;lr>\n", "sip:b@192.0.2.2", "<sip:p1.example.com;lr>",
     "sip:p1.example.com;lr", "sip:a@192.0.2.1", "<sip:p1.example.com;lr>", "sip:p1.example.com;lr"},
    {"three loose",
     "Record-Route: <sip:p3.example.com;lr=on>, <sip:p2.example.com:5070;lr>\nRecord-Route: <sip:p1.example.com;lr>\n",
     "sip:b@192.0.2.2", "<sip:p1.example.com;lr> <sip:p2.example.com:5070;lr> <sip:p3.example.com;lr=on>",
     "sip:p1.example.com;lr", "sip:a@192.0.2.1",
     "<sip:p3.example.com;lr=on> <sip:p2.example.com:5070;lr> <sip:p1.example.com;lr>", "sip:p3.example.com;lr=on"},
    {"one strict", "Record-Route: <sip:p1.example.com>\n", "sip:p1.example.com", "<sip:b@192.0.2.2>",
     "sip:p1.example.com", "sip:p1.example.com", "<sip:a@192.0.2.1>", "sip:p1.example.com"},
    {"strict and loose", "Record-Route: <sip:p2.example.com;lr>, <sip:p1.example.com;method=INVITE>\n",
     "sip:p1.example.com", "<sip:p2.example.com;lr> <sip:b@192.0.2.2>", "sip:p1.example.com", "sip:a@192.0.2.1",
     "<sip:p2.example.com;lr> <sip:p1.example.com;method=INVITE>", "sip:p2.example.com;lr"},
};

class DialogTest : public ::testing::TestWithParam<DialogRow> {};

TEST_P(DialogTest, RoutesOfTheUac) {
  const auto& row = GetParam();
  const auto invite =
      Request::parse(dialog_message("INVITE sip:b@example.com SIP/2.0",
                                    "Contact: <sip:a@192.0.2.1>\nRoute: <sip:preloaded.example.com;lr>\n", false))
          .value();
  const auto half = Dialog::of_request(invite).value();
  const auto ok = Response::parse(dialog_message("SIP/2.0 200 OK",
                                                 std::string("Contact: <sip:b@192.0.2.2>\n") + row.record_route, true))
                      .value();
  auto dialog = half.with_response(ok).value();
  EXPECT_EQ(dialog.state(), DialogState::confirmed);
  auto bye = dialog.make_request(method::bye);
  EXPECT_EQ(bye.uri().text(), row.uac_uri);
  EXPECT_EQ(routes_of(bye), row.uac_route);
  EXPECT_EQ(dialog.next_hop().text(), row.uac_hop);
  EXPECT_EQ(bye.cseq(), (CSeq{8, method::bye}));
  EXPECT_EQ(bye.from().text(), "\"A\" <sip:a@example.com>;tag=from");
  EXPECT_EQ(bye.to().text(), "<sip:b@example.com>;tag=to");
  EXPECT_EQ(bye.call_id(), "c@h");
  const auto ack = dialog.make_ack(7);
  EXPECT_EQ(ack.cseq(), (CSeq{7, method::ack}));
  EXPECT_EQ(ack.uri().text(), row.uac_uri);
  EXPECT_EQ(routes_of(ack), row.uac_route);
  EXPECT_EQ(dialog.make_request(method::invite).cseq().number, 9U) << "an ACK takes no number";
}

TEST_P(DialogTest, RoutesOfTheUas) {
  const auto& row = GetParam();
  const auto invite =
      Request::parse(dialog_message("INVITE sip:b@192.0.2.2 SIP/2.0",
                                    std::string("Contact: <sip:a@192.0.2.1>\n") + row.record_route, false))
          .value();
  const auto contact = NameAddr::parse("<sip:b@192.0.2.2>").value();
  auto dialog = Dialog::of_received(invite, "to", contact.view()).value();
  const auto bye = dialog.make_request(method::bye);
  EXPECT_EQ(bye.uri().text(), row.uas_uri);
  EXPECT_EQ(routes_of(bye), row.uas_route);
  EXPECT_EQ(dialog.next_hop().text(), row.uas_hop);
  EXPECT_EQ(bye.from().text(), "<sip:b@example.com>;tag=to");
  EXPECT_EQ(bye.to().text(), "\"A\" <sip:a@example.com>;tag=from");
}

INSTANTIATE_TEST_SUITE_P(Rfc3261, DialogTest, ::testing::ValuesIn(dialog_rows), [](const auto& row) {
  std::string name(row.param.name);
  for (auto& c : name)
    if (c == ' ') c = '_';
  return name;
});

TEST(DialogState, TargetRefreshAndCSeq) {
  const auto invite =
      Request::parse(dialog_message("INVITE sip:b@192.0.2.2 SIP/2.0", "Contact: <sip:a@192.0.2.1>\n", false)).value();
  const auto contact = NameAddr::parse("<sip:b@192.0.2.2>").value();
  auto dialog = Dialog::of_received(invite, "to", contact.view()).value();
  EXPECT_FALSE(dialog.is_uac());
  EXPECT_EQ(dialog.remote_cseq(), 7U);
  EXPECT_FALSE(dialog.accept_remote_cseq(6));
  EXPECT_TRUE(dialog.accept_remote_cseq(4'000'000));
  EXPECT_EQ(dialog.remote_cseq(), 4'000'000U);
  const auto moved = Uri::parse("sip:a@[2001:db8::1]:5070;transport=udp").value();
  dialog.set_remote_target(moved.view());
  EXPECT_EQ(dialog.remote_target().text(), moved.text());
  EXPECT_EQ(dialog.call_id(), "c@h");
  EXPECT_EQ(dialog.make_request(method::options).uri().text(), moved.text());
  const auto tel = Uri::parse("tel:+1").value();
  dialog.set_remote_target(tel.view());
  EXPECT_EQ(dialog.remote_target().text(), moved.text()) << "a Contact of a dialog is a SIP URI (§12.1.1)";
}

TEST(DialogState, NullTagsAreLegal) {
  const auto text = sim::crlf(
      "INVITE sip:b@192.0.2.2 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1\nFrom: <sip:a@example.com>\n"
      "To: <sip:b@example.com>\nCall-ID: c\nCSeq: 1 INVITE\nContact: <sip:a@192.0.2.1>\n"
      "Content-Length: 0\n\n");
  auto dialog =
      Dialog::of_received(Request::parse(text).value(), "to", NameAddr::parse("<sip:b@192.0.2.2>")->view()).value();
  EXPECT_EQ(dialog.remote_tag(), "");
  EXPECT_EQ(dialog.make_request(method::bye).to().text(), "<sip:a@example.com>");
}

TEST(DialogState, ABlockThatWouldBeTooLongIsRefused) {
  std::string routes;
  for (int i = 0; i < 8; ++i) routes += "Record-Route: <sip:" + std::string(9000, 'x') + ".example.com;lr>\n";
  ParseLimits wide;
  wide.message_bytes = 200'000;
  const auto invite = Request::parse(
      dialog_message("INVITE sip:b@192.0.2.2 SIP/2.0", "Contact: <sip:a@192.0.2.1>\n" + routes, false), wide);
  ASSERT_TRUE(invite);
  const auto contact = NameAddr::parse("<sip:b@192.0.2.2>").value();
  EXPECT_EQ(Dialog::of_received(*invite, "to", contact.view()).error(), make_error_code(peal::errc::too_long));
}

TEST(DialogState, SipsInTheRequestUriMakesItSecure) {
  const auto invite =
      Request::parse(dialog_message("INVITE sips:b@192.0.2.2 SIP/2.0", "Contact: <sips:a@192.0.2.1>\n", false)).value();
  EXPECT_TRUE(Dialog::of_received(invite, "to", NameAddr::parse("<sips:b@192.0.2.2>")->view())->secure());
}

}  // namespace
