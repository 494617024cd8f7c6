using Quorate.Cli.Faces;

namespace Quorate.Tests.Unit.Faces;

/// <summary>Source: rgmanager.md 5.3.</summary>
public sealed class When_clulog_is_called
{
    [Theory]
    [InlineData("rgmanager", "disk full", "disk full")]
    [InlineData("backup", "disk full", "[backup] disk full")]
    public void The_line_names_whoever_writes(string name, string text, string expected) => Assert.Equal(expected, ClulogFace.Line(name, text.Split(' ')));

    [Theory]
    [InlineData("3", "err")]
    [InlineData("ERR", "err")]
    [InlineData("error", "err")]
    [InlineData("warn", "warning")]
    [InlineData("emerg", "emerg")]
    [InlineData("8", "info")]
    [InlineData("", "info")]
    public void The_severity_is_a_name_or_a_number(string typed, string expected) => Assert.Equal(expected, ClulogFace.SeverityOf(typed));
}
