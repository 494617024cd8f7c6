using Quorate.Cli.Api;

namespace Quorate.Tests.Unit.Cli;

/// <summary>Source: issue "The backbone", deliverable 6: QUORATE_API, else .lab/env.</summary>
public sealed class When_the_cluster_is_looked_for : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("quorate-unit-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void The_environment_comes_first()
    {
        WriteLab("QUORATE_API=http://127.0.0.1:2");

        var addresses = ApiAddress.Find(name => name == "QUORATE_API" ? "http://127.0.0.1:1" : null, _directory.FullName);

        Assert.Equal([new Uri("http://127.0.0.1:1")], addresses);
    }

    [Fact]
    public void Several_addresses_are_tried_in_order()
    {
        var addresses = ApiAddress.Find(
            name => name == "QUORATE_API" ? "http://a:1, http://b:2" : "http://c:3", _directory.FullName);

        Assert.Equal([new Uri("http://a:1"), new Uri("http://b:2"), new Uri("http://c:3")], addresses);
    }

    [Fact]
    public void A_lab_in_a_directory_above_is_found()
    {
        WriteLab("QUORATE_API=http://127.0.0.1:2\nQUORATE_API_FALLBACK=http://127.0.0.1:3");
        var below = _directory.CreateSubdirectory("a/b");

        var addresses = ApiAddress.Find(_ => null, below.FullName);

        Assert.Equal([new Uri("http://127.0.0.1:2"), new Uri("http://127.0.0.1:3")], addresses);
    }

    [Fact]
    public void Without_any_it_says_what_to_do()
    {
        var silence = Assert.Throws<NoAnswerException>(() => ApiAddress.Find(_ => null, _directory.FullName));

        Assert.Contains("QUORATE_API=http://HOST:PORT", silence.Message, StringComparison.Ordinal);
    }

    /// <summary>A lab of another user, say. This process's memory stands for it: it opens, and reading it fails, for root too.</summary>
    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        string file = Path.Combine(_directory.CreateSubdirectory(".lab").FullName, "env");
        File.CreateSymbolicLink(file, "/proc/self/mem");

        var silence = Assert.Throws<NoAnswerException>(() => ApiAddress.Find(_ => null, _directory.FullName));

        Assert.StartsWith($"{file} cannot be read", silence.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:8080")]
    [InlineData("ftp://127.0.0.1")]
    public void What_is_no_address_is_named(string text)
    {
        var silence = Assert.Throws<NoAnswerException>(() => ApiAddress.Find(name => name == "QUORATE_API" ? text : null, _directory.FullName));

        Assert.Contains($"'{text}'", silence.Message, StringComparison.Ordinal);
    }

    private void WriteLab(string text) =>
        File.WriteAllText(Path.Combine(_directory.CreateSubdirectory(".lab").FullName, "env"), text);
}
