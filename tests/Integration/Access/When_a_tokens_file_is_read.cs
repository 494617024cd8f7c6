using Quorate.Hosting.Access;
using Quorate.Hosting.Settings;
using Quorate.Tests.Integration.Cli;

namespace Quorate.Tests.Integration.Access;

public sealed class When_a_tokens_file_is_read : IDisposable
{
    private const string Secret = "the-token-of-oncall";
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-tokens-").FullName;
    private readonly Everything _log = new();

    private string TokensPath => Path.Combine(_directory, "tokens");

    [Fact]
    public void A_token_is_known_by_its_hash()
    {
        TokenTable table = TokenTable.Parse($"# ours\n\n{Line("operator", "oncall", Secret)}\r\n{Line("observer", "screen", "other")}", "tokens");

        Assert.Equal(("operator", "oncall"), (table.Find(Secret)?.Role, table.Find(Secret)?.Name));
        Assert.Equal("screen", table.Find("other")?.Name);
        Assert.Null(table.Find("The-token-of-oncall"));
        Assert.Null(table.Find(""));
        Assert.Null(table.Find(Convert.ToHexStringLower(AccessToken.HashOf(Secret))));
    }

    [Theory]
    [InlineData("king oncall HASH", "line 1: the first word is the role, one of observer, operator, node")]
    [InlineData("operator oncall", "line 1: expected three words")]
    [InlineData("operator a/b HASH", "line 1: the second word is a name")]
    [InlineData("operator oncall the-token-of-oncall", "line 1: the third word is the SHA-256")]
    [InlineData("operator oncall HASH\nobserver screen HASH", "line 2: the same token stands there twice")]
    [InlineData("", "holds no token")]
    public void A_wrong_one_is_refused_with_the_line_and_without_what_stands_there(string text, string expected)
    {
        string hash = Convert.ToHexStringLower(AccessToken.HashOf(Secret));

        SettingsException refused = Assert.Throws<SettingsException>(() => TokenTable.Parse(text.Replace("HASH", hash, StringComparison.Ordinal), "tokens"));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_counts_from_the_next_request_on()
    {
        Write(Line("operator", "oncall", Secret));
        TokensFile file = new(TokensPath, TimeProvider.System);
        Assert.NotNull(file.Current(_log).Find(Secret));

        Write(Line("operator", "oncall", "the-next-one-of-oncall"));

        Assert.Null(file.Current(_log).Find(Secret));
        Assert.NotNull(file.Current(_log).Find("the-next-one-of-oncall"));
    }

    /// <summary>The name and length are the same, and the clock of the file system is coarse: only the content tells.</summary>
    [Fact]
    public void A_change_within_one_tick_of_the_files_clock_is_seen()
    {
        Write(Line("operator", "oncall", Secret));
        TokensFile file = new(TokensPath, TimeProvider.System);
        DateTime at = File.GetLastWriteTimeUtc(TokensPath);

        Write(Line("operator", "oncall", "other"));
        File.SetLastWriteTimeUtc(TokensPath, at);

        Assert.NotNull(file.Current(_log).Find("other"));
    }

    /// <summary>What was written long ago is read once.</summary>
    [Fact]
    public void An_old_file_is_not_read_again()
    {
        Write(Line("operator", "oncall", Secret));
        DateTime at = DateTime.UtcNow.AddHours(-1);
        File.SetLastWriteTimeUtc(TokensPath, at);
        TokensFile file = new(TokensPath, TimeProvider.System);

        Write(Line("operator", "oncall", "other"));
        File.SetLastWriteTimeUtc(TokensPath, at);

        Assert.NotNull(file.Current(_log).Find(Secret));
    }

    [Fact]
    public void A_change_that_cannot_be_used_leaves_the_old_tokens_and_is_logged_once()
    {
        Write(Line("operator", "oncall", Secret));
        TokensFile file = new(TokensPath, TimeProvider.System);

        Write("operator oncall");
        Assert.NotNull(file.Current(_log).Find(Secret));
        Assert.NotNull(file.Current(_log).Find(Secret));
        Assert.Single(_log.Lines, line => line.StartsWith("Error 1532", StringComparison.Ordinal) && line.Contains("line 1", StringComparison.Ordinal));

        File.Delete(TokensPath);
        Assert.NotNull(file.Current(_log).Find(Secret));
        Assert.Single(_log.Lines, line => line.Contains("there is no file", StringComparison.Ordinal));

        Write(Line("observer", "screen", "other"));
        Assert.Null(file.Current(_log).Find(Secret));
        Assert.Contains(_log.Lines, line => line.StartsWith("Information 1531", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_does_not_start_with_a_wrong_one()
    {
        Write("operator oncall");

        SettingsException refused = await Assert.ThrowsAsync<SettingsException>(async () =>
        {
            await using OpenApi host = await OpenApi.StartAsync("http://127.0.0.1:0", _log, TokensPath);
        });

        Assert.StartsWith("Quorate:TokensFile: ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", false)]
    [InlineData("http://0.0.0.0:0", true)]
    public async Task An_open_API_that_the_network_reaches_is_warned_of(string address, bool isWarned)
    {
        await using OpenApi host = await OpenApi.StartAsync(address, _log);

        Assert.Equal(isWarned, _log.Lines.Any(line => line.StartsWith("Warning 1530", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("http://localhost:80", true)]
    [InlineData("http://127.8.9.1:80", true)]
    [InlineData("http://[::1]:80", true)]
    [InlineData("http://unix:/run/quorate.sock", true)]
    [InlineData("http://[::]:80", false)]
    [InlineData("http://*:80", false)]
    [InlineData("http://+:80", false)]
    [InlineData("https://10.0.0.1:443", false)]
    [InlineData("http://scheduler1:80", false)]
    public void An_address_is_of_this_machine_or_not(string address, bool isOfThisMachine) =>
        Assert.Equal(isOfThisMachine, OpenApiWarning.IsOfThisMachine(address));

    [Fact]
    public async Task A_new_token_is_printed_and_its_hash_is_appended()
    {
        Write($"# ours\n{Line("observer", "screen", "other")}");

        CommandEnd end = await CommandProcess.RunAsync("token", "new", "--role", "operator", "--name", "oncall", "--file", TokensPath);

        Assert.Equal((0, ""), (end.Code, end.Error));
        string printed = end.Output.TrimEnd('\n');
        Assert.Matches("^[A-Za-z0-9_-]{43}$", printed);
        string text = await File.ReadAllTextAsync(TokensPath);
        Assert.DoesNotContain(printed, text, StringComparison.Ordinal);
        Assert.Equal("oncall", TokenTable.Parse(text, "tokens").Find(printed)?.Name);
        Assert.Equal("screen", TokenTable.Parse(text, "tokens").Find("other")?.Name);
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_gets_no_token()
    {
        Write("operator oncall");

        CommandEnd end = await CommandProcess.RunAsync("token", "new", "--role", "operator", "--name", "oncall", "--file", TokensPath);

        Assert.Equal((1, ""), (end.Code, end.Output));
        Assert.Equal("operator oncall", await File.ReadAllTextAsync(TokensPath));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string Line(string role, string name, string secret) => new AccessToken(role, name, AccessToken.HashOf(secret)).Line;

    private void Write(string text) => File.WriteAllText(TokensPath, text);
}
