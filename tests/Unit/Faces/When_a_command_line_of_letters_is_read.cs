using Quorate.Cli.Faces;

namespace Quorate.Tests.Unit.Faces;

/// <summary>Source: getopt(3).</summary>
public sealed class When_a_command_line_of_letters_is_read
{
    [Theory]
    [InlineData("-e web -m n1", "e=web m=n1")]
    [InlineData("-eweb -mn1", "e=web m=n1")]
    [InlineData("-qe web", "q= e=web")]
    [InlineData("-e -q", "e=-q")]
    [InlineData("-q web -F", "q= F= web")]
    [InlineData("-q -- -F", "q= -F")]
    [InlineData("-Y", "?=Y")]
    [InlineData("-e", "?=e")]
    [InlineData("-:", "?=:")]
    [InlineData("-", "-")]
    [InlineData("", "")]
    public void It_is_read_as_getopt_does(string line, string expected)
    {
        (IReadOnlyList<(char Letter, string Value)> options, IReadOnlyList<string> words) =
            ShortOptions.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "e:m:qF");

        Assert.Equal(expected, string.Join(' ', options.Select(option => $"{option.Letter}={option.Value}").Concat(words)));
    }
}
