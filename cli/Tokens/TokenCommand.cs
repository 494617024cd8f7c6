using System.CommandLine;

using Quorate.Hosting.Access;
using Quorate.Hosting.Settings;

namespace Quorate.Cli.Tokens;

/// <summary><c>quorate token new</c>: makes a token for the HTTP API.</summary>
internal static class TokenCommand
{
    private const string FileDefault = "tokens";

    /// <summary>The subcommand with its own one.</summary>
    public static Command Create() => new("token", "Make a token for the HTTP API.") { New() };

    private static Command New()
    {
        Option<string> role = new("--role") { Description = "What it allows.", HelpName = string.Join('|', ApiRole.All), Required = true };
        Option<string> name = new("--name") { Description = "Whose it is, as logs call it: letters, digits and - _ . @", HelpName = "NAME", Required = true };
        Option<string> file = new("--file")
        {
            Description = "The tokens file (Quorate:TokensFile) that gets a line with the token's hash.",
            HelpName = "FILE",
            DefaultValueFactory = _ => FileDefault,
        };
        Command make = new("new", "Make a token, append its hash to the tokens file, and print it. It is shown this once and kept nowhere.") { role, name, file };
        make.Validators.Add(typed =>
        {
            if (typed.GetValue(role) is { } typedRole && !ApiRole.All.Contains(typedRole))
            {
                typed.AddError($"--role is one of {string.Join(", ", ApiRole.All)}");
            }

            if (typed.GetValue(name) is { } typedName && !AccessToken.IsName(typedName))
            {
                typed.AddError("--name takes 1 to 64 of letters, digits and - _ . @");
            }
        });
        make.SetAction((parsed, cancellation) =>
            MakeAsync(parsed.GetRequiredValue(role), parsed.GetRequiredValue(name), parsed.GetRequiredValue(file), cancellation));
        return make;
    }

    private static async Task<int> MakeAsync(string role, string name, string file, CancellationToken cancellation)
    {
        string secret = AccessToken.NewSecret();
        AccessToken token = new(role, name, AccessToken.HashOf(secret));
        try
        {
            string before = File.Exists(file) ? await File.ReadAllTextAsync(file, cancellation) : "";
            string added = $"{(before.Length == 0 || before.EndsWith('\n') ? "" : "\n")}{token.Line}\n";
            // A file that no service would take is not made longer.
            TokenTable.Parse(before + added, file);
            await AppendAsync(file, added, cancellation);
        }
        catch (SettingsException wrong)
        {
            await Console.Error.WriteLineAsync($"quorate: {string.Join($"{Environment.NewLine}quorate: ", wrong.Problems)}");
            return ExitCode.Refused;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"quorate: {file} was not changed: {failure.Message}");
            return ExitCode.Refused;
        }

        await Console.Out.WriteLineAsync(secret);
        return ExitCode.Done;
    }

    /// <summary>One write: a service that reads at this moment sees the line or does not.</summary>
    private static async Task AppendAsync(string file, string text, CancellationToken cancellation)
    {
        FileStreamOptions options = new() { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        await using FileStream stream = new(file, options);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellation);
        stream.Flush(flushToDisk: true);
    }
}
