using Quorate.Hosting.Parked;

namespace Quorate.Tests.Integration.Hosting;

public sealed class When_a_parked_message_is_read
{
    [Theory]
    [InlineData("System.TimeoutException", "#33: Unable to obtain cluster lock: gone", 33)]
    [InlineData("System.Runtime.Serialization.SerializationException", "the body is no JSON", 38)]
    [InlineData("System.TimeoutException", "#4711: no such number", null)]
    [InlineData("System.InvalidOperationException", "broken", null)]
    [InlineData("", "#: nothing", null)]
    public void The_number_is_the_one_that_its_failure_names_or_38_for_what_cannot_be_read(string failure, string text, int? number) =>
        Assert.Equal(number, ParkedText.NumberOf(failure, text));

    [Fact]
    public void A_terminal_gets_no_control_characters_and_never_more_than_it_should() =>
        Assert.Equal("a b?c?[2J...", ParkedText.Plain("a\nb\0c\u001b[2Jxyz", 9));

    [Fact]
    public void Of_an_envelope_the_message_is_shown()
    {
        (string message, string? type, string? id) = ParkedText.Unwrap(
            """{"messageId":"m1","messageType":["urn:message:Quorate.Contracts.V1:EnableService"],"message":{"service":"web"}}"""u8);

        Assert.Equal(("""{"service":"web"}""", "EnableService", "m1"), (message, ParkedText.TypeOf(type), id));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"messageType":[],"message":1}""")]
    [InlineData("")]
    public void Anything_else_is_shown_whole(string body) =>
        Assert.Equal((body, null, null), ParkedText.Unwrap(System.Text.Encoding.UTF8.GetBytes(body)));
}
