using System.Net;
using System.Net.Http.Headers;
using System.Text;

using Quorate.Cli.Api;
using Quorate.Hosting.Settings;

namespace Quorate.Cli.Broker;

/// <summary>Gives definitions to a broker by its management plugin.</summary>
internal static class ManagementImport
{
    /// <summary>Holds the administrator's password.</summary>
    public const string PasswordVariable = "QUORATE_MANAGEMENT_PASSWORD";

    private const string UserDefault = "guest";
    private const int ExcerptCharactersMax = 300;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Imports.</summary>
    /// <param name="address">Of the plugin, with the user and, though everybody on this machine can see it, the password.</param>
    /// <param name="passwordFile">Holds the password; null takes the environment's.</param>
    /// <param name="definitions">What to import.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="NoAnswerException">Nobody answered there.</exception>
    /// <exception cref="IOException">It was refused, or there is no password.</exception>
    public static async Task SendAsync(Uri address, string? passwordFile, byte[] definitions, CancellationToken cancellation)
    {
        string[] user = address.UserInfo.Split(':', 2);
        string name = user[0].Length == 0 ? UserDefault : Uri.UnescapeDataString(user[0]);
        string password = await PasswordAsync(user, passwordFile);
        string plain = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = AnswerTimeout };
        using HttpRequestMessage request = new(HttpMethod.Post, $"{plain}/api/definitions")
        {
            Content = new ByteArrayContent(definitions) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                string said = (await response.Content.ReadAsStringAsync(cancellation)).Trim();
                throw new IOException(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                    ? $"{plain} does not take the definitions from the user {name}: its password is wrong, or it has no tag 'administrator'"
                    : $"{plain} answered {(int)response.StatusCode}: {(said.Length <= ExcerptCharactersMax ? said : said[..ExcerptCharactersMax])}");
            }
        }
        catch (HttpRequestException unreachable)
        {
            throw new NoAnswerException($"no answer from {plain} ({unreachable.Message}); is the plugin rabbitmq_management enabled there?", unreachable);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NoAnswerException($"no answer from {plain} within {AnswerTimeout.TotalSeconds} s");
        }
    }

    private static async Task<string> PasswordAsync(string[] user, string? file)
    {
        if (user.Length == 2)
        {
            await Console.Error.WriteLineAsync($"quorate: a password in an argument is seen by everybody on this machine; {PasswordVariable} and --management-password-file are not");
            return Uri.UnescapeDataString(user[1]);
        }

        try
        {
            return file is not null ? SecretFile.Read(file)
                : Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } given ? given
                : throw new IOException($"no password for the management plugin: set {PasswordVariable}, or name a file with --management-password-file");
        }
        catch (SettingsException failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }
}
