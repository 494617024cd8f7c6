using Quorate.Hosting.Settings;

namespace Quorate.Cli.Api;

/// <summary>The token that the cluster is shown.</summary>
internal static class ApiToken
{
    /// <summary>Holds a token.</summary>
    public const string Variable = "QUORATE_TOKEN";

    /// <summary>Names a file that holds one.</summary>
    public const string FileVariable = "QUORATE_TOKEN_FILE";

    /// <summary>Finds it.</summary>
    /// <param name="environment">Reads an environment variable; null where it is not set.</param>
    /// <returns>Null where none is given: an open cluster asks for none.</returns>
    /// <exception cref="AccessRefusedException">The file cannot be read, or what is given is no token.</exception>
    public static string? Find(Func<string, string?> environment)
    {
        string? token = environment(Variable)?.Trim();
        string source = $"the environment variable {Variable}";
        if (string.IsNullOrEmpty(token) && environment(FileVariable) is { Length: > 0 } file)
        {
            source = file;
            try
            {
                token = SecretFile.Read(file);
            }
            catch (SettingsException failure)
            {
                throw new AccessRefusedException($"no token to show: {failure.Message}", failure);
            }
        }

        return string.IsNullOrEmpty(token) ? null
            : token.All(letter => letter is > ' ' and <= '~') ? token
            : throw new AccessRefusedException($"{source} holds no token: one is letters, digits, - and _ without spaces");
    }
}
